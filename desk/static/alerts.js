// Alerts on every page: how many are open beside their name in the head, new ones as a sentence,
// and, for whoever turns it on, with a sound.

import { ask } from "/desk/static/api.js";
import { toast } from "/desk/static/desk.js";
import { make } from "/desk/static/dom.js";

const EVERY = 15000; // milliseconds
const KNOWN = "beian-alerts-known";
const SOUND = "beian-alerts-sound";

const place = document.querySelector('[data-nav="alerts"]');
const choice = document.querySelector("[data-alert-sound]");

if (choice) {
  choice.checked = localStorage.getItem(SOUND) === "on";
  choice.addEventListener("change", () => {
    localStorage.setItem(SOUND, choice.checked ? "on" : "off");
    if (choice.checked) ring();
  });
}

if (place) look();

async function look() {
  try {
    if (!document.hidden) show(await ask("GET", "/desk/alerts/news"));
  } catch {
    // Away for a moment: the next look tells.
  }
  setTimeout(look, EVERY);
}

function show(news) {
  place.querySelector(".count")?.remove();
  if (news.open) place.append(make("span", { class: "count" }, String(news.open)));
  const before = sessionStorage.getItem(KNOWN);
  const known = new Set(JSON.parse(before ?? "[]"));
  const fresh = news.alerts.filter((one) => !known.has(one.key));
  sessionStorage.setItem(KNOWN, JSON.stringify(news.alerts.map((one) => one.key)));
  if (before === null || !fresh.length) return; // what was there before is no news
  toast([...new Set(fresh.map((one) => one.text))].join(" · "), "bad");
  if (localStorage.getItem(SOUND) === "on") ring();
}

function ring() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5);
  tone.frequency.value = 660;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.5);
  tone.onended = () => audio.close();
}
