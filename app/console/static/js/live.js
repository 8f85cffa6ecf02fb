// Keeps the regions marked data-live as the server has them now. The stream only says that something changed: the
// news itself is the same page, fetched again, so it is never more than whoever looks may see.
import { arrived } from "./queue.js";

const SOON = 120; // ms: several changes at once are one look
const STEADY = 30_000; // also without news: "due in 20 min" grows old
const LOST = 3_000; // while there is no stream
const ALARM = 400;
const TOPICS = ["case", "queue", "conversation", "everything"];
const page = document.body.dataset;
const state = document.getElementById("live-state");
const shown = document.querySelector("[data-case]")?.dataset;
const queue = document.body.classList.contains("page-queue");
let timer = 0;
let last = 0;
let busy = false;
let again = false;
let looking = 0;

export function startLive() {
  if (!page.events) return;
  const tabs = new BroadcastChannel("careloop-live");
  tabs.addEventListener("message", ({ data }) => hear(data));
  // A browser opens only six connections to a server: so one tab listens, and tells the others. When it is closed, the
  // next one takes over.
  if (navigator.locks) navigator.locks.request("careloop-live", () => new Promise(() => listen(tabs)));
  else listen(tabs);
  tabs.postMessage({ topic: "asks" });
  setInterval(() => {
    const pause = state.dataset.state === "on" ? STEADY : LOST;
    if (Date.now() - last >= pause) { last = Date.now(); refresh(); alarm(); }
  }, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}

function listen(tabs) {
  const tell = (topic, id = "") => { hear({ topic, id }); tabs.postMessage({ topic, id }); };
  let now = "lost";
  // Whoever takes over from another tab has missed what came in between.
  let before = state.dataset.state !== "off";
  tabs.addEventListener("message", ({ data }) => { if (data.topic === "asks") tabs.postMessage({ topic: now }); });
  const connect = () => {
    const stream = new EventSource(page.events);
    stream.addEventListener("hello", () => {
      now = "on";
      tell(now);
      if (before) tell("everything");
      before = true;
    });
    for (const topic of TOPICS) stream.addEventListener(topic, (event) => tell(topic, event.data));
    stream.addEventListener("error", () => {
      now = "lost";
      tell(now);
      if (stream.readyState !== EventSource.CLOSED) return;
      // Refused, most likely because the session ended: looking again finds out and leads to the sign-in.
      refresh();
      setTimeout(connect, 5000);
    });
  };
  connect();
}

function hear({ topic, id }) {
  if (topic === "on") show("on", "Live");
  else if (topic === "lost") show("lost", "Reconnecting");
  else if (topic !== "asks") {
    if (topic === "conversation" ? shown : concerns(topic, id)) soon();
    clearTimeout(looking);
    looking = setTimeout(alarm, ALARM);
  }
}

// An emergency must not go unseen because somebody is reading another case, or is on a page that does not show the queue.
async function alarm() {
  const link = document.getElementById("alarm");
  if (!link || queue) return;
  const answer = await fetch(link.dataset.alarm, { headers: { "X-Careloop-Live": "1" }, credentials: "same-origin" }).catch(() => null);
  if (answer?.status === 401) { location.href = page.signIn; return; }
  if (!answer?.ok) return;
  const { emergencies } = await answer.json();
  const words = `${emergencies} ${emergencies === 1 ? "emergency" : "emergencies"}`;
  const before = link.hidden ? 0 : parseInt(link.textContent, 10);
  link.hidden = !emergencies;
  link.querySelector("span").textContent = words;
  if (emergencies > before) document.getElementById("announce").textContent = `${words} in the queue that nobody has claimed.`;
}

const concerns = (topic, id) => !shown || topic === "everything" || (topic === "case" && id === shown.case);

function show(name, words) {
  state.dataset.state = name;
  state.querySelector("span").textContent = words;
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, SOON);
}

async function refresh() {
  if (document.hidden) return;
  if (busy) { again = true; return; }
  busy = true;
  last = Date.now();
  try {
    // Any other page is not asked for again: nobody has looked at it anew. Its notices stand on a plain one as well.
    const address = shown ? `/cases/${shown.case}${location.search}` : queue ? location.href : page.plain;
    const answer = await fetch(address, { headers: { "X-Careloop-Live": "1" }, credentials: "same-origin" });
    if (answer.status === 401) { location.href = page.signIn; return; }
    if (answer.ok) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    show("lost", "Reconnecting");
  } finally {
    busy = false;
    if (again) { again = false; soon(); }
  }
}

function swap(fresh) {
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(old.id);
    if (!now || plain(now) === plain(old)) continue;
    if (old.matches("[data-thread]")) append(old, now);
    else if (old.querySelector("[data-keyed]") && now.querySelector("[data-keyed]")) byKey(old, now);
    else keepFocus(old, () => { old.replaceChildren(...adopt(now)); old.className = now.className; });
  }
  // Elsewhere the alarm is said aloud as well: see alarm().
  const alarmed = queue && fresh.getElementById("alarm");
  if (alarmed) document.getElementById("alarm").replaceWith(document.adoptNode(alarmed));
  for (const old of document.querySelectorAll("[data-live-attr]")) {
    const name = old.dataset.liveAttr;
    old.toggleAttribute(name, fresh.getElementById(old.id)?.hasAttribute(name) ?? false);
  }
}

// A form's token differs each time, and what somebody has opened is open: that alone is no change.
const plain = (node) => node.outerHTML.replace(/(name="csrf_token" value=")[^"]*/g, "$1").replace(/(<details[^>]*?) open(="")?/g, "$1");
const adopt = (node) => [...node.childNodes].map((child) => document.adoptNode(child));

function byKey(old, now) {
  const list = old.querySelector("[data-keyed]");
  const rows = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const fresh = [...now.querySelector("[data-keyed]").children];
  const added = [];
  keepFocus(list, () => {
    for (const [place, row] of fresh.entries()) {
      const known = rows.get(row.dataset.key);
      rows.delete(row.dataset.key);
      const use = known && plain(known) === plain(row) ? known : document.adoptNode(row);
      if (known && use !== known) known.replaceWith(use);
      if (!known) { use.classList.add("row--new"); added.push(use); }
      if (list.children[place] !== use) list.insertBefore(use, list.children[place] ?? null);
    }
    for (const gone of rows.values()) gone.remove();
  });
  old.querySelector(".pager")?.replaceWith(document.adoptNode(now.querySelector(".pager")));
  if (added.length) arrived(added);
}

function append(old, now) {
  const low = old.scrollHeight - old.scrollTop - old.clientHeight < 80;
  const known = new Map([...old.children].filter((item) => item.id).map((item) => [item.id, item]));
  const fresh = adopt(now).filter((node) => node.nodeType === 1);
  fresh.forEach((item, place) => {
    const same = known.get(item.id);
    known.delete(item.id);
    const use = same && plain(same) === plain(item) ? same : item;
    if (same && use !== same) {
      if (same.querySelector("details[open]")) use.querySelector("details")?.setAttribute("open", "");
      same.replaceWith(use);
    }
    if (old.children[place] !== use) old.insertBefore(use, old.children[place] ?? null);
  });
  while (old.children.length > fresh.length) old.lastElementChild.remove();
  if (low) old.scrollTop = old.scrollHeight;
}

function keepFocus(region, change) {
  const held = region.contains(document.activeElement) ? document.activeElement : null;
  const href = held?.getAttribute("href");
  const action = held?.form?.getAttribute("action");
  change();
  if (!held || held.isConnected) return;
  const again = [...region.querySelectorAll("a, button")].find((one) => (href && one.getAttribute("href") === href) || (action && one.form?.getAttribute("action") === action));
  (again ?? document.getElementById("main")).focus();
}
