// Says how many texts an answer takes while it is typed: the server counts, as the carrier does.
const PAUSE = 250;

export function countParts() {
  const box = document.querySelector("[data-parts]");
  const place = document.getElementById("parts");
  if (!box || !place) return;
  let timer = 0;
  let asked = 0;
  const ask = async () => {
    const mine = ++asked;
    const token = document.querySelector('meta[name="csrf"]').content;
    const answer = await fetch(box.dataset.parts, { method: "POST", body: new URLSearchParams({ text: box.value }), headers: { "X-CSRFToken": token, "X-Careloop-Live": "1" }, credentials: "same-origin" });
    if (answer.ok && mine === asked) place.textContent = (await answer.json()).words;
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.form.requestSubmit(); });
  if (box.value) ask();
}
