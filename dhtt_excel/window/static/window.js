"use strict";
// What a page does by itself: says that it is open, follows a run, sends dropped files. Everything else works without.
const byId = (id) => document.getElementById(id);

// ---- that the page is open, and whether anybody is there
let gone = false;
async function beat() {
  try {
    const answer = await fetch("/nhip", { method: "POST" });
    if (!answer.ok) throw new Error(answer.status);
    gone = false;
  } catch {
    gone = true;
  }
  byId("mat-ket-noi").hidden = !gone;
  document.querySelectorAll("main button").forEach((button) => {
    if (gone && !button.disabled) button.dataset.gone = "1";
    if (button.dataset.gone) button.disabled = gone;
    if (!gone) delete button.dataset.gone;
  });
}
setInterval(beat, 20000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });

// ---- a run under way
const running = byId("chay");
async function follow() {
  try {
    const answer = await fetch(running.dataset.place);
    if (!answer.ok) return location.reload();
    const told = await answer.json();
    if (told.state === "done") return location.replace(running.dataset.next);
    if (told.state !== "running") return location.reload();
    byId("thanh").max = told.total || 1;
    byId("thanh").value = Math.min(told.done, told.total || 1);
    if (told.step) byId("buoc").textContent = `${Math.min(told.done, told.total)}/${told.total}: ${told.step}`;
  } catch {
    await beat();
  }
  setTimeout(follow, gone ? 5000 : 400);
}
if (running) follow();

// ---- files that come in
const drop = byId("nhan");
let waiting = [];
let busy = false;
const counts = { sent: 0, all: 0 };

function refuse(path, words) {
  const item = document.createElement("li");
  item.className = "answer refused";
  item.textContent = `✗ ${path}: ${words}`;
  byId("tra-loi").append(item);
}

async function send(path, file) {
  if (file.size > Number(drop.dataset.limit)) return refuse(path, "tệp quá lớn, không chép.");
  const form = new FormData();
  form.append("duong-dan", path);
  form.append("luc", String(file.lastModified));
  form.append("tep", file, file.name);
  try {
    const answer = await fetch(`${drop.action}?rieng=1`, { method: "POST", body: form });
    if (!answer.ok) throw new Error(answer.status);
    byId("tra-loi").insertAdjacentHTML("beforeend", await answer.text());
  } catch {
    refuse(path, "chưa gửi được. Hãy đưa lại tệp này.");
    await beat();
  }
}

async function sendAll() {
  if (busy) return;
  busy = true;
  byId("tien-do").hidden = false;
  while (waiting.length) {
    const [path, file] = waiting.shift();
    byId("loi-noi").textContent = `Đang nhận tệp ${counts.sent + 1}/${counts.all}: ${path}`;
    await send(path, file);
    counts.sent += 1;
    byId("thanh").max = counts.all;
    byId("thanh").value = counts.sent;
  }
  busy = false;
  byId("loi-noi").textContent = `Đã xem ${counts.sent} tệp.`;
  byId("sau-do").hidden = false;
  if (byId("tu-tong-hop").checked && !gone) byId("sau-do").querySelector(".main").click();
}

function add(pairs) {
  waiting.push(...pairs);
  counts.all += pairs.length;
  if (pairs.length) sendAll();
}

async function list(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  const found = [];
  try {
    if (entry.isFile) return [[path, await new Promise((done, failed) => entry.file(done, failed))]];
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) break;
      for (const one of some) found.push(...(await list(one)));
    }
  } catch {  // gone meanwhile, no right to it, too long a path: the others come in all the same
    refuse(path, "không đọc được. Hãy chép ra nơi khác rồi đưa lại.");
  }
  return found;
}

document.documentElement.classList.add("scripted");
const plan = byId("tep-ke-hoach");
if (plan) {
  plan.addEventListener("change", () => plan.submit());
  if (plan.elements.tep.value) plan.submit();  // what was chosen before this script was there
}
document.querySelectorAll(".no-script").forEach((part) => { part.hidden = true; });

if (drop) {
  document.querySelectorAll(".needs-script").forEach((part) => { part.hidden = false; });
  for (const input of drop.querySelectorAll("input[type=file]")) {
    const take = () => {
      add([...input.files].map((file) => [file.webkitRelativePath || file.name, file]));
      input.value = "";
    };
    input.addEventListener("change", take);
    take();  // what was chosen before this script was there
  }
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();  // a file that misses the box is not opened in the place of the page
      drop.classList.toggle("over", name === "dragover");
    });
  }
  document.addEventListener("drop", async (event) => {
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const plain = [...event.dataTransfer.files].map((file) => [file.name, file]);
    const found = [];
    for (const entry of entries) found.push(...(await list(entry)));
    add(found.length ? found : plain);
  });
}
