"""What workers do: each job calls one feature function with ids. Jobs may be lost or doubled without harm."""
