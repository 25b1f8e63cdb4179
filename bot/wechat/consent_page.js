// Asks WeChat to ask for consents. What was consented to WeChat tells the server itself.
const page = document.getElementById("page").dataset;
const told = document.getElementById("told");
const elsewhere = () => { document.getElementById("elsewhere").hidden = false; };
let consents = 0;

document.getElementById("ask").addEventListener("success", (event) => {
  let answers = {};
  try {
    answers = JSON.parse(event.detail.subscribeDetails || "{}");
  } catch {
    // WeChat's words, for display only: without them nothing is counted here.
  }
  const given = Object.values(answers).map((one) => {
    try { return JSON.parse(one).status; } catch { return one?.status; }
  });
  consents += given.includes("accept") ? 1 : 0;
  const enough = consents >= Number(page.wanted);
  told.textContent = consents === 0 ? page.refused
    : enough ? page.enough : page.count.replace("{given}", consents);
});
document.getElementById("ask").addEventListener("error", elsewhere);

if (window.wx && /MicroMessenger/i.test(navigator.userAgent)) {
  window.wx.error(elsewhere);
  window.wx.config({
    debug: false,
    appId: page.appId,
    timestamp: Number(page.timestamp),
    nonceStr: page.nonce,
    signature: page.signature,
    jsApiList: ["updateAppMessageShareData"],
    openTagList: ["wx-open-subscribe"],
  });
} else {
  elsewhere();
}
