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
if (thread) thread.scrollTop = thread.scrollHeight;
