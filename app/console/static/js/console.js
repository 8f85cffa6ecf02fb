// What every page of the console does by itself. All of it also works without this: it is only quicker.
import { watchIdle } from "./idle.js";
import { startLive } from "./live.js";
import { countParts } from "./parts.js";
import { queueKeys, queueSound } from "./queue.js";

watchIdle();
startLive();
queueKeys();
queueSound();
countParts();
document.getElementById("refused")?.focus();
const thread = document.querySelector("[data-thread]");
const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (thread && named && thread.contains(named)) named.scrollIntoView({ block: "center" });
else if (thread) thread.scrollTop = thread.scrollHeight;
