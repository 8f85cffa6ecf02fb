// Patients' phones: what the carrier tells live is shown, what the patient does is posted to /sandbox/api.
const API = "/sandbox/api";
const SAMPLE = new URL("sample-picture.jpg", import.meta.url);
const $ = (name, within = document) => within.querySelector(`[data-${name}]`);
const panels = new Map();
const time = (iso) => new Date(iso).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });

async function ask(method, path, body) {
  const options = { method };
  if (body) Object.assign(options, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await fetch(API + path, options).catch(() => null);
  if (!answer) return { failed: "The sandbox does not answer." };
  const data = await answer.json().catch(() => ({}));
  return answer.ok ? data : { failed: data.words || data.message || `Error ${answer.status}`, ...data };
}

function make(tag, text, className, more = {}) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return Object.assign(element, more);
}

/* ---- what is spoken ---- */
const speech = {
  muted: new Set(),
  audio: new Map(),
  voice(language) {
    const voices = window.speechSynthesis?.getVoices() ?? [];
    const wanted = (language || "en-US").toLowerCase();
    return voices.find((v) => v.lang.toLowerCase() === wanted) || voices.find((v) => v.lang.slice(0, 2).toLowerCase() === wanted.slice(0, 2));
  },
  line(number, line) {
    if (this.muted.has(number) || line.who === "patient") return;
    if (line.kind === "play" && line.url) {
      const audio = new Audio(line.url);
      this.audio.set(number, audio);
      audio.play().catch(() => {});
    } else if (line.kind === "say") {
      const voice = this.voice(line.language);
      if (!voice) return;
      const words = new SpeechSynthesisUtterance(line.text);
      Object.assign(words, { voice, lang: voice.lang });
      window.speechSynthesis.speak(words);
    }
  },
  stop(number) {
    window.speechSynthesis?.cancel();
    this.audio.get(number)?.pause();
  },
};

/* ---- one phone ---- */
class Panel {
  constructor(person) {
    this.person = person;
    this.items = new Map();
    this.heard = 0;
    this.element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    const id = `phone-${person.number.replace(/\D/g, "")}`;
    const find = (name) => $(name, this.element);
    Object.assign(this, { thread: find("thread"), body: find("body"), call: find("call"), told: find("told") });
    find("name").textContent = person.name;
    find("name").id = id;
    find("shown").textContent = person.shown;
    find("born").textContent = person.born ? `born ${person.born}` : "";
    this.element.setAttribute("aria-labelledby", id);
    this.thread.lang = person.language || "en";
    this.body.id = `${id}-body`;
    find("label").htmlFor = this.body.id;
    find("stories").hidden = !person.language;
    find("close").addEventListener("click", () => close(person.number));
    find("dial").addEventListener("click", (event) => this.once(event.currentTarget, () => this.dial()));
    find("write").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.body.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
    });
    const clip = find("clip"), attach = find("attach");
    clip.addEventListener("click", () => { attach.hidden = !attach.hidden; clip.setAttribute("aria-expanded", !attach.hidden); });
    find("file").addEventListener("change", ({ target }) => { const [file] = target.files; target.value = ""; if (file) this.attach(file); });
    find("sample").addEventListener("click", (event) => this.once(event.currentTarget, async () => this.attach(await (await fetch(SAMPLE)).blob())));
    for (const button of this.element.querySelectorAll("[data-story]")) {
      button.addEventListener("click", () => this.once(button, () => this.story(button.dataset.story)));
    }
  }

  /** Do it, and nothing else from this button until it is done. */
  async once(button, act) {
    if (button.disabled) return;
    button.disabled = true;
    await act();
    button.disabled = false;
  }

  say(words, wrong) {
    this.told.hidden = !words;
    this.told.textContent = words;
    this.told.classList.toggle("wrong", Boolean(wrong));
    this.told.setAttribute("role", wrong ? "alert" : "status");
    this.told.parentElement.hidden = !words && !this.person.language;
  }

  async load() {
    const { heard } = this;
    const thread = await ask("GET", `/threads/${encodeURIComponent(this.person.number)}`);
    if (heard !== this.heard) return this.load(); // What arrived meanwhile may be newer than what was fetched.
    if (thread.failed) return this.say(thread.failed, true);
    this.items.clear();
    this.thread.replaceChildren();
    for (const item of [...thread.messages, ...thread.calls].sort((a, b) => a.seq - b.seq)) this.show(item, false);
    this.opted(thread.blocked);
  }

  opted(blocked) { $("opted", this.element).hidden = !blocked; }

  /** Send a file, with the words that stand in the box. */
  async attach(file) {
    const data = (await inline(file)).replace(/^[^,]*,/, "");
    await this.send([{ content_type: file.type || "application/octet-stream", data }]);
  }

  async send(media = []) {
    const body = this.body.value.trim();
    if (!body && !media.length) return;
    this.body.value = "";
    const sent = await ask("POST", "/texts", { from: this.person.number, body, media });
    if (sent.failed) { this.say(sent.failed, true); this.body.value ||= body; } else this.show(sent, true);
    const { blocked } = await ask("GET", `/threads/${encodeURIComponent(this.person.number)}`);
    this.opted(blocked);
  }

  async story(kind) {
    this.say("Telling the application…");
    const told = await ask("POST", "/stories", { kind, number: this.person.number });
    this.say(told.words || told.failed, !told.ok);
  }

  async dial() {
    const call = await ask("POST", "/calls", { from: this.person.number, wait: false });
    if (call.failed) this.say(call.failed, true); else this.show(call, true);
  }

  show(item, live) {
    const old = this.items.get(item.sid);
    const element = "transcript" in item ? this.callItem(item, old, live) : bubble(item);
    this.items.set(item.sid, { item, element });
    if (old) old.element.replaceWith(element);
    else {
      const after = [...this.items.values()].filter((i) => i.item.seq > item.seq).sort((a, b) => a.item.seq - b.item.seq)[0];
      this.thread.insertBefore(element, after?.element ?? null);
      this.thread.scrollTop = this.thread.scrollHeight;
    }
    $("quiet", this.element).hidden = true;
  }

  callItem(call, old, live) {
    const stale = old && !call.over && (old.item.over || call.transcript.length < old.item.transcript.length);
    if (stale) return old.element;
    if (live) for (const line of call.transcript.slice(old?.item.transcript.length ?? 0)) speech.line(this.person.number, line);
    if (!call.over) this.callSheet(call);
    else if (this.current === call.sid) this.endCall();
    return past(call);
  }

  callSheet(call) {
    const rings = call.direction !== "inbound" && ["queued", "ringing"].includes(call.status);
    const kind = rings ? "ringing" : "talking";
    if (this.current !== call.sid || this.sheet !== kind) {
      Object.assign(this, { current: call.sid, sheet: kind });
      this.call.replaceChildren(document.getElementById(kind).content.cloneNode(true));
      this.call.hidden = false;
      this.element.classList.add("calling");
      $("who", this.call).textContent = rings ? call.other : `Call ${call.direction === "inbound" ? "to" : "from"} ${call.other}`;
      for (const button of this.call.querySelectorAll("[data-act]")) {
        button.addEventListener("click", () => this.once(button, () => this.act(button.dataset.act)));
      }
      if (kind === "talking") this.talking();
      this.call.querySelector("button.good, [data-words]")?.focus({ preventScroll: true });
    }
    if (kind === "talking") this.captions(call);
  }

  talking() {
    const words = $("words", this.call), mute = $("mute", this.call), number = this.person.number;
    words.id = `say-${this.current}`;
    $("label", this.call).htmlFor = words.id;
    mute.setAttribute("aria-pressed", speech.muted.has(number));
    mute.addEventListener("click", () => {
      const muted = !speech.muted.has(number);
      speech.muted[muted ? "add" : "delete"](number);
      if (muted) speech.stop(number);
      mute.setAttribute("aria-pressed", muted);
    });
    $("say", this.call).addEventListener("submit", (event) => {
      event.preventDefault();
      const text = words.value.trim();
      words.value = "";
      if (text) this.act("speech", { text });
    });
    for (const key of this.call.querySelectorAll("[data-key]")) {
      key.addEventListener("click", () => this.act("digits", { digits: key.dataset.key, more: true }));
    }
    $("captions", this.call).lang = this.person.language || "en";
  }

  captions(call) {
    const list = $("captions", this.call);
    for (const line of call.transcript.slice(list.children.length)) list.append(caption(line, "p"));
    list.scrollTop = list.scrollHeight;
    $("status", this.call).textContent = call.status === "in-progress" ? "" : `(${call.status})`;
    $("awaits", this.call).textContent = awaits(call.awaiting);
  }

  async act(act, body) {
    speech.stop(this.person.number);
    const done = act === "voicemail"
      ? await ask("POST", `/calls/${this.current}/answer`, { by: "machine_end_beep" })
      : await ask("POST", `/calls/${this.current}/${act}`, body ?? {});
    if (done.sid) this.show(done, true); else await this.load();
  }

  endCall() {
    speech.stop(this.person.number);
    this.call.hidden = true;
    this.call.replaceChildren();
    this.element.classList.remove("calling");
    Object.assign(this, { current: null, sheet: null });
    this.body.focus({ preventScroll: true });
  }
}

function bubble(message) {
  const failed = ["undelivered", "failed"].includes(message.status);
  const refused = message.webhook && (message.webhook.error || message.webhook.status >= 400);
  const item = make("div", "", `bubble ${message.origin}${failed || refused ? " wrong" : ""}`);
  if (message.body || !message.media.length) item.append(make("p", message.body || "(no words)"));
  for (const media of message.media) item.append(attachment(message, media));
  let state = message.origin === "patient" ? "" : ` · ${message.status}${message.error_code ? ` (${message.error_code})` : ""}`;
  if (refused) state = ` · the practice's system did not take it (${message.webhook.error || message.webhook.status})`;
  item.append(make("small", `${message.origin === "carrier" ? "Carrier · " : ""}${time(message.created)}${state}`));
  return item;
}

function attachment(message, media) {
  if (!/^image\/(jpeg|png|gif|webp)$/.test(media.content_type)) return make("small", `Attachment: ${media.content_type}`);
  return make("img", "", "", { src: `${API}/media/${message.sid}/${media.sid}`, alt: "The picture that was sent" });
}

const inline = (file) => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.addEventListener("load", () => done(reader.result));
  reader.addEventListener("error", () => failed(reader.error));
  reader.readAsDataURL(file);
});

function past(call) {
  const item = make("div", "", "past");
  const details = make("details");
  const way = call.direction === "inbound" ? "Call to the practice" : "Call from the practice";
  const by = call.answered_by?.startsWith("machine") ? ", voicemail" : "";
  details.append(make("summary", `${way} · ${call.over ? call.status : "now"}${by} · ${time(call.created)}`));
  const lines = make("ol");
  lines.append(...call.transcript.map((line) => caption(line, "li")));
  if (!lines.children.length) lines.append(make("li", "Nothing was said."));
  details.append(lines);
  item.append(details);
  return item;
}

function caption(line, tag) {
  const words = {
    play: `♪ recording ${line.url || ""}`, pause: `pause, ${line.seconds ?? 1} s`, digits: `⌨ ${line.text}`,
    silence: "(silence)", hangup: line.who === "patient" ? "(you hung up)" : "(the practice hung up)",
    greeting: `Voicemail: ${line.text}`,
  }[line.kind] || line.text;
  const aside = ["play", "pause", "silence", "hangup", "greeting"].includes(line.kind);
  const item = make(tag, words + (line.heard === false ? " (nobody listens just now)" : ""), aside ? "aside" : line.who);
  if (line.kind === "say") item.lang = line.language;
  return item;
}

function awaits(awaiting) {
  if (!awaiting) return "…";
  if (awaiting.verb === "Gather") {
    const ways = awaiting.input.map((way) => (way === "dtmf" ? "press keys" : "speak")).join(" or ");
    return `Your turn: ${ways}${awaiting.num_digits ? ` (${awaiting.num_digits} ${awaiting.num_digits === 1 ? "key" : "keys"})` : ""}.`;
  }
  return { Record: "Recording: speak, then press # or hang up.", Dial: awaiting.bridged ? "Connected." : `Ringing ${awaiting.number || ""}…`,
    Bridge: "Connected.", Enqueue: "Waiting in a queue. “Stay silent” waits on." }[awaiting.verb] || "";
}

/* ---- the list ---- */
const list = $("people"), room = $("open");
const button = (number) => list.querySelector(`[data-number="${CSS.escape(number)}"]`);

function listed(number) {
  if (button(number)) return button(number);
  const entry = make("button", "", "person", { type: "button" });
  Object.assign(entry.dataset, { number, name: "Other phone", shown: number, language: "" });
  entry.setAttribute("aria-pressed", "false");
  entry.append(make("span", "Other phone", "name"), make("span", "", "language"), make("span", number, "number"));
  const news = make("span", "", "news", { hidden: true });
  news.dataset.news = "";
  entry.append(news);
  const item = make("li");
  item.append(entry);
  list.append(item);
  return entry;
}

function badge(number, text, rings) {
  const news = $("news", listed(number));
  news.hidden = !text;
  news.textContent = text;
  news.classList.toggle("rings", Boolean(rings));
}

function open(number, focus = true) {
  const entry = listed(number);
  if (!panels.has(number)) {
    const panel = new Panel({ ...entry.dataset });
    panels.set(number, panel);
    room.append(panel.element);
    panel.load();
  }
  entry.setAttribute("aria-pressed", "true");
  entry.dataset.unread = "0";
  badge(number, "");
  $("nothing").hidden = true;
  remember();
  if (!focus) return;
  const { element } = panels.get(number);
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
  element.focus({ preventScroll: true });
}

function close(number) {
  speech.stop(number);
  panels.get(number)?.element.remove();
  panels.delete(number);
  const entry = listed(number);
  entry.setAttribute("aria-pressed", "false");
  $("nothing").hidden = panels.size > 0;
  remember();
  entry.focus();
}

const remember = () => history.replaceState(null, "", panels.size ? `#${[...panels.keys()].join(",")}` : location.pathname);

list.addEventListener("click", (event) => {
  const number = event.target.closest("[data-number]")?.dataset.number;
  if (number) (panels.has(number) ? close : open)(number);
});

/* ---- live ---- */
function arrived(item) {
  const panel = panels.get(item.phone);
  if (panel) { panel.heard += 1; return panel.show(item, true); }
  if ("transcript" in item) return badge(item.phone, item.over ? "" : "ringing", true);
  if (item.origin === "patient" || item.status !== "sent") return undefined;
  const entry = listed(item.phone);
  entry.dataset.unread = Number(entry.dataset.unread || 0) + 1;
  return badge(item.phone, `${entry.dataset.unread} new`);
}

function failed(failure) {
  $("failures").hidden = false;
  const words = `${time(failure.at)} · ${failure.code || "loop"} ${failure.message}${failure.url ? ` · ${failure.url}` : ""}`;
  const log = $("failure-list");
  log.prepend(make("li", words));
  while (log.children.length > 20) log.lastChild.remove();
}

function listen() {
  const link = $("link"), source = new EventSource(`${API}/events`);
  const up = (is) => { link.textContent = is ? "Live" : "Reconnecting…"; link.classList.toggle("up", is); };
  source.addEventListener("hello", () => { up(true); panels.forEach((panel) => panel.load()); });
  source.addEventListener("error", () => up(false));
  source.addEventListener("message", (event) => arrived(JSON.parse(event.data)));
  source.addEventListener("call", (event) => arrived(JSON.parse(event.data)));
  source.addEventListener("failure", (event) => failed(JSON.parse(event.data)));
  source.addEventListener("reset", () => location.reload());
}

$("failures-close").addEventListener("click", () => { $("failures").hidden = true; $("failure-list").replaceChildren(); });
const { threads = [] } = await ask("GET", "/threads");
for (const { number, texts } of threads) {
  listed(number);
  if (texts) badge(number, texts === 1 ? "1 text" : `${texts} texts`);
}
decodeURIComponent(location.hash.slice(1)).split(",").filter((n) => /^\+\d{7,15}$/.test(n)).forEach((n) => open(n, false));
listen();
