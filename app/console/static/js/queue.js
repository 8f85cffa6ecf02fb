// The queue from the keyboard, and saying aloud what is new in it.
const KEY = "careloop-sound";
const rows = () => [...document.querySelectorAll(".row__name")];

export function queueKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("search-words")?.focus();
    } else if (event.key === "j" || event.key === "k") {
      const all = rows();
      const at = all.indexOf(document.activeElement);
      const next = event.key === "j" ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0);
      all[next]?.focus();
    }
  });
}

export function queueSound() {
  const button = document.getElementById("sound");
  if (!button) return;
  const show = () => button.setAttribute("aria-pressed", String(on()));
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, on() ? "" : "on");
    show();
    if (on()) beep();
  });
}

export function arrived(added) {
  // No name and no words of the patient: somebody else may hear it.
  const urgent = added.filter((row) => row.dataset.urgency >= 2).length;
  const words = `${added.length} new ${added.length === 1 ? "case" : "cases"} in the queue${urgent ? `, ${urgent} urgent` : ""}.`;
  const place = document.getElementById("announce");
  if (place) place.textContent = words;
  if (on()) beep();
}

const on = () => localStorage.getItem(KEY) === "on";

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const loud = audio.createGain();
  loud.gain.setValueAtTime(0.08, audio.currentTime);
  loud.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.35);
  tone.frequency.value = 740;
  tone.connect(loud).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.4);
}
