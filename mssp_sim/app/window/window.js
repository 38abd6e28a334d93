// What a page asks of the browser's window. The document hears it once, however often it is drawn.

const HEARD = "simulatorHeard";
const LINKS = ["stSidebarNavLink", "stTopNavLink", "stPageLink-NavLink"]
  .map((name) => `[data-testid="${name}"]`)
  .join();
const CLOSED = '[data-testid="stExpandSidebarButton"]';
const RAIL = '[data-testid="stSidebar"]';
const OPENED_MS = 3000;
const SLIDER = '[data-testid="stSlider"] [role="group"]';
const THUMB = ":has(> div > input[type=range])";
const SWIPE = 8;

export default function ({ parentElement, data, setStateValue }) {
  const line = parentElement.querySelector(".line");
  const button = line.querySelector("button");
  line.hidden = !data.open;
  line.querySelector(".figures").textContent = data.figures || "";
  button.textContent = data.open || "";
  button.onclick = () => toLevers();
  if (document.documentElement.dataset[HEARD]) return;
  document.documentElement.dataset[HEARD] = "yes";
  oneEntryAPage();
  linksCarryTheDesk();
  swipesScroll();
  document.addEventListener("click", (event) => {
    if (event.target.closest(".st-key-play")) toLevers();
  });
  if (data.ask) setStateValue("alive", true);
}

// Streamlit goes to a page and then to its link: to the history that is one step.
function oneEntryAPage() {
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, url) => {
    const onTheWay = !new URLSearchParams(location.search).has("v");
    if (onTheWay && new URL(url, location.href).pathname === location.pathname) {
      history.replaceState(state, unused, url);
    } else {
      push(state, unused, url);
    }
  };
}

// A link to a page that is opened in a new tab opens it with the scenario of this one.
function linksCarryTheDesk() {
  const pageLink = ({ target }) => target.closest && target.closest(`:is(${LINKS})`);
  const carry = (event) => {
    const link = pageLink(event);
    if (!link || !link.href) return;
    const to = new URL(link.href);
    if (to.origin !== location.origin) return;
    to.search = location.search;
    link.href = to.href;
  };
  const leave = (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (elsewhere && pageLink(event)) event.stopImmediatePropagation(); // the browser's own way
  };
  document.addEventListener("click", leave, true);
  for (const kind of ["pointerover", "pointerdown", "focusin", "contextmenu"]) {
    document.addEventListener(kind, carry, true);
  }
}

// A swipe that begins on a slider scrolls; a tap moves it, and its thumb once it is drawn sideways.
function swipesScroll() {
  let held = null;
  const begin = () => {
    const { target, id, x, y } = held;
    held = null;
    const given = { bubbles: true, cancelable: true, pointerId: id, pointerType: "touch" };
    const place = { isPrimary: true, clientX: x, clientY: y };
    target.dispatchEvent(new PointerEvent("pointerdown", { ...given, ...place }));
  };
  const hear = (kind, what) => document.addEventListener(kind, what, true);
  hear("pointerdown", (event) => {
    if (!event.isTrusted || event.pointerType !== "touch") return;
    const { target, pointerId, clientX, clientY } = event;
    if (!target.closest || !target.closest(SLIDER)) return;
    event.stopImmediatePropagation();
    held = { target, id: pointerId, x: clientX, y: clientY };
  });
  hear("touchstart", (event) => {
    if (held) event.stopImmediatePropagation(); // it would move the slider as well
  });
  hear("pointermove", (event) => {
    if (!held || event.pointerId !== held.id) return;
    const across = Math.abs(event.clientX - held.x);
    const along = Math.abs(event.clientY - held.y);
    if (Math.max(across, along) < SWIPE) return;
    if (across > along && held.target.closest(THUMB)) begin();
    else held = null;
  });
  hear("pointerup", (event) => {
    if (held && event.pointerId === held.id) begin();
  });
  hear("pointercancel", () => {
    held = null;
  });
}

function toLevers() {
  const closed = document.querySelector(CLOSED);
  if (closed) closed.click();
  const end = Date.now() + OPENED_MS;
  const look = () => {
    const lever = firstLever();
    if (lever && lever.getBoundingClientRect().left >= 0) {
      lever.focus({ focusVisible: true });
    } else if (Date.now() < end) {
      setTimeout(look, 100);
    }
  };
  setTimeout(look, 100);
}

function firstLever() {
  const rail = document.querySelector(RAIL);
  if (!rail) return null;
  const live = [...rail.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
  return [...live, rail]
    .map((root) => root.querySelector('input[type="range"]:not(:disabled)'))
    .find(Boolean);
}
