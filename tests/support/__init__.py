"""What tests share: real servers, and databases made by the real migrations."""
