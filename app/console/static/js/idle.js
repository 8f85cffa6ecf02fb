// Warns before an idle session ends, keeps it alive while somebody works in the page, and clears the screen at its end.
const SHARED = "careloop-seen"; // other tabs of the same session count as well
const PING = 60_000;

export function watchIdle() {
  const page = document.body.dataset;
  const limit = Number(page.idle) * 1000;
  const warn = Number(page.warn) * 1000;
  const box = document.getElementById("idle");
  if (!limit || !box) return;
  let told = Date.now();

  const stay = () => {
    told = Date.now();
    localStorage.setItem(SHARED, String(told));
    box.hidden = true;
    const token = document.querySelector('meta[name="csrf"]').content;
    fetch(page.stillHere, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin" });
  };
  // Sent as a form: only a page of ours can, where any page could lead to an address.
  const signOut = () => {
    const form = document.getElementById("sign-out");
    form.elements.idle.value = "1";
    form.submit();
  };
  localStorage.setItem(SHARED, String(told));
  for (const act of ["keydown", "pointerdown"]) {
    document.addEventListener(act, () => { if (box.hidden && Date.now() - told > PING) stay(); }, { passive: true });
  }
  document.getElementById("idle-stay").addEventListener("click", stay);
  setInterval(() => {
    const left = Math.max(told, Number(localStorage.getItem(SHARED))) + limit - Date.now();
    if (left <= 0) { signOut(); return; }
    const due = left <= warn;
    if (due) document.getElementById("idle-left").textContent = left > 60_000 ? `${Math.ceil(left / 60_000)} minutes` : `${Math.ceil(left / 1000)} seconds`;
    if (due && box.hidden) { box.hidden = false; document.getElementById("idle-stay").focus({ preventScroll: true }); }
    if (!due) box.hidden = true;
  }, 1000);
}
