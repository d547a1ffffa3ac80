// What a person can send beside text: the menu behind «+», by channel.

import { element } from "./dom.js";
import { texts } from "./texts.js";

const WISHES = {
  whatsapp: {
    voice: { type: "audio", voice: true }, location: { type: "location" },
    contacts: { type: "contacts" }, sticker: { type: "sticker" },
    animated: { type: "sticker", animated: true }, order: { type: "order" },
    forwarded: { text: "Repassando: amanhã abrimos às 10h.", forwarded: true },
    ad: { text: "Vi o anúncio e quero saber mais", referral: true },
    unsupported: { type: "unsupported" },
  },
  instagram: {
    voice: { type: "voice" }, pictures: { type: "image", count: 3 }, heart: { type: "like_heart" },
    storyMention: { type: "story_mention" }, storyReply: { type: "story_reply" },
    post: { type: "ig_post" }, reel: { type: "ig_reel" }, ephemeral: { type: "ephemeral" },
    iceBreaker: { type: "ice_breaker", title: "Qual o prazo de entrega?", payload: "PRAZO" },
    postback: { type: "postback" }, referral: { type: "referral" },
    unsupported: { type: "unsupported" },
  },
  facebook: {
    voice: { type: "voice" }, pictures: { type: "image", count: 3 }, location: { type: "location" },
    sticker: { type: "sticker" }, fallback: { type: "fallback" }, postback: { type: "postback" },
    referral: { type: "referral" }, ad: { text: "Vi o anúncio", referral: true },
    unsupported: { type: "unsupported" },
  },
};

/** The menu. `send` hears what is asked of the simulator, `choose` that files are wanted. */
export function attachMenu(channel, { send, choose }) {
  const close = () => { root.open = false; };
  const line = (name, act) => element("button", { type: "button", role: "menuitem",
    dataset: { testid: `attach-${name}` }, onclick: () => { close(); act(); } },
  texts.attachments[name]);
  const root = element("details", { className: "attach-menu" },
    element("summary", { className: "attach", title: texts.attach, "aria-label": texts.attach,
      dataset: { testid: "phone-attach" } }, "+"),
    element("div", { className: "attachments", role: "menu" },
      line("file", choose),
      ...Object.entries(WISHES[channel]).map(([name, wish]) => line(name, () => send(wish)))));
  return root;
}
