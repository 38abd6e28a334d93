// Sliders that speak while they move: of each one message in flight, the newest value kept.
// Python answers each message by its number; until then a lever holds its own value.

const PATIENCE_MS = 5000; // after this a message counts as lost
const REACH = 24; // pixels around the thumb where a finger takes hold of it
const THUMB = 12; // pixels of the thumb, which never leaves the track
const SLACK = 8; // pixels that a finger may stray: more is a drag, or a swipe
const groups = new WeakMap();

export default function (component) {
  const { parentElement, data, setStateValue, setTriggerValue } = component;
  const first = parentElement.querySelector(".lever");
  if (data.probe) {
    if (data.probe !== "answered") setStateValue("alive", true);
    first.hidden = true;
    return;
  }
  try {
    if (!groups.has(parentElement)) groups.set(parentElement, new Map());
    const levers = groups.get(parentElement);
    for (const one of data.levers) {
      if (!levers.has(one.name)) {
        const root = levers.size ? first.cloneNode(true) : first;
        if (levers.size) first.parentNode.append(root);
        levers.set(one.name, new Lever(root));
      }
      levers.get(one.name).hear(
        one,
        (move) => setStateValue(one.name, move),
        () => setTriggerValue(`reset_${one.name}`, true),
      );
    }
  } catch (fault) {
    setStateValue("broken", String(fault).slice(0, 200));
  }
}

class Lever {
  constructor(root) {
    this.name = root.querySelector(".name");
    this.note = root.querySelector(".note");
    this.head = root.querySelector(".head");
    this.under = root.querySelector(".under");
    this.value = root.querySelector(".value");
    this.done = root.querySelector(".done");
    this.input = root.querySelector("input");
    this.dot = root.querySelector(".dot");
    this.ends = root.querySelectorAll(".ends span");
    this.whole = root;
    this.mark = root.querySelector(".reset");
    this.mark.addEventListener("click", () => this.reset());
    this.ticks = root.querySelector(".ticks");
    this.typing = root.querySelector(".typing");
    this.typed = root.querySelector(".typed");
    this.refused = root.querySelector(".refused");
    this.refused.textContent = "";
    this.value.addEventListener("mousedown", (event) => event.preventDefault());
    this.value.addEventListener("click", () => this.open(""));
    this.typed.addEventListener("keydown", (event) => this.type(event));
    this.typed.addEventListener("blur", () => this.close(true));
    const sign = root.querySelector(".sign");
    sign.addEventListener("mousedown", (event) => event.preventDefault());
    sign.addEventListener("click", () => this.turn());
    this.held = false;
    this.next = null;
    this.sent = 0;
    this.answered = 0;
    this.gesture = "";
    this.finger = null;
    const grip = root.querySelector(".grip");
    grip.addEventListener("mousedown", (event) => event.preventDefault());
    grip.addEventListener("pointerdown", (event) => this.press(event));
    grip.addEventListener("pointermove", (event) => this.drag(event));
    grip.addEventListener("pointerup", (event) => this.lift(event));
    for (const end of ["pointercancel", "lostpointercapture"]) {
      grip.addEventListener(end, () => this.cancel());
    }
    this.grip = grip;
    this.input.addEventListener("keydown", (event) => {
      this.refused.textContent = "";
      if (begins(event)) {
        event.preventDefault();
        this.open(event.key === "Enter" ? "" : event.key);
        return;
      }
      this.held = event.repeat; // a key that is held down is one gesture, as a drag is
    });
    for (const end of ["keyup", "blur"]) {
      this.input.addEventListener(end, () => this.release());
    }
    this.input.addEventListener("input", () => {
      if (!this.held) this.gesture = fresh();
      this.move(Number(this.input.value));
    });
  }

  // The browser's own slider jumps to a finger that only swipes past, so the pointer is ours.
  press(event) {
    if (this.input.disabled || event.button !== 0 || !event.isPrimary) return;
    this.refused.textContent = "";
    const { clientX: x, clientY: y } = event;
    const thumb = this.dot.getBoundingClientRect();
    const off = x - (thumb.left + thumb.right) / 2;
    this.gesture = fresh();
    if (event.pointerType === "touch") {
      this.finger = { x, y, off, near: Math.abs(off) <= REACH, from: this.shown };
      return;
    }
    this.take(event);
    this.moveTo(x);
  }

  take(event) {
    this.held = true;
    this.grip.setPointerCapture(event.pointerId);
    this.input.focus({ preventScroll: true, focusVisible: false });
  }

  drag(event) {
    const { finger } = this;
    if (finger && !this.held) {
      const [across, down] = [event.clientX - finger.x, event.clientY - finger.y].map(Math.abs);
      if (Math.max(across, down) <= SLACK) return;
      finger.strayed = true;
      if (!finger.near || across <= down) finger.near = false;
      else this.take(event);
    }
    if (this.held) this.moveTo(event.clientX - (finger ? finger.off : 0));
  }

  lift(event) {
    const { finger } = this;
    this.finger = null;
    if (finger && !finger.strayed) {
      this.input.focus({ preventScroll: true, focusVisible: false });
      if (!finger.near) this.moveTo(finger.x);
    }
    this.release();
  }

  // The page scrolls under the finger: it never meant the lever.
  cancel() {
    const { finger } = this;
    this.finger = null;
    if (finger && this.held) this.move(finger.from);
    this.release();
  }

  // A field in place of the value; typing a digit on the lever begins in it.
  open(begun) {
    if (this.input.disabled || !this.typing.hidden) return;
    this.refused.textContent = "";
    this.typing.hidden = false;
    this.value.style.visibility = "hidden";
    this.typed.removeAttribute("aria-invalid");
    this.typed.value = begun || String(Number(this.shown.toFixed(4)));
    const room = this.value.parentElement.clientWidth;
    const half = this.typing.offsetWidth / 2;
    const at = Math.max(half, Math.min(room - half, this.part() * room));
    this.typing.style.left = `${at}px`;
    this.typed.focus({ preventScroll: true });
    if (!begun) this.typed.select();
  }

  type(event) {
    event.stopPropagation(); // no letter of it is a shortcut of the page
    if (event.key === "Escape") this.close(false);
    else if (event.key === "Enter" && this.read() === null) this.refuse();
    else if (event.key === "Enter") this.close(true);
    else return;
    event.preventDefault();
    if (this.typing.hidden) this.input.focus({ preventScroll: true, focusVisible: true });
  }

  turn() {
    const text = this.typed.value.trim();
    this.typed.value = /^[-−]/.test(text) ? text.slice(1) : `-${text}`;
  }

  close(take) {
    if (this.typing.hidden) return;
    this.typing.hidden = true;
    this.value.style.visibility = "";
    if (!take) this.refused.textContent = "";
    if (!take || !this.typed.value.trim()) return;
    const value = this.read();
    if (value === null) {
      this.refuse();
    } else {
      this.refused.textContent = "";
      this.gesture = fresh();
      if (value !== this.shown) this.move(value);
    }
  }

  refuse() {
    this.typed.setAttribute("aria-invalid", "true");
    this.refused.textContent = this.data.refusal;
    this.typed.select();
  }

  read() {
    let text = this.typed.value.replace(/[\s$]/g, "").replace(/[−–]/g, "-").replace(/%$/, "");
    if (/^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text)) text = text.replaceAll(",", "");
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return null;
    const value = Number(Number(text).toFixed(6));
    const [low, high] = this.data.allowed;
    return low <= value && value <= high ? value : null;
  }

  moveTo(x) {
    const { left, width } = this.input.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (x - left - THUMB / 2) / (width - THUMB)));
    this.input.value = this.data.min + part * (this.data.max - this.data.min);
    const value = Number(this.input.value);
    if (value !== this.shown) this.move(value);
  }

  move(value) {
    this.paint(value);
    this.offer({ value, gesture: this.gesture, held: this.held });
  }

  hear(data, say, reset) {
    this.data = data;
    this.say = say;
    this.reset = reset;
    this.whole.classList.toggle("resets", data.reset !== null);
    this.mark.hidden = !data.reset;
    this.mark.title = data.reset || "";
    this.mark.setAttribute("aria-label", data.reset || "");
    this.answered = Math.max(this.answered, data.answered);
    Object.assign(this.input, { min: data.min, max: data.max, step: data.step });
    this.input.disabled = data.disabled;
    this.input.setAttribute("aria-label", data.label);
    this.describe(data);
    this.ends[0].textContent = written(data.min, data);
    this.ends[1].textContent = data.ticks.map((tick) => tick.short).join(" · ");
    this.ends[2].textContent = written(data.max, data);
    this.ticks.replaceChildren(...data.ticks.map((tick) => this.notch(tick)));
    this.typed.setAttribute("aria-label", `Type ${data.label}${data.unit && ", "}${data.unit}`);
    this.typing.classList.toggle("below-zero", data.allowed[0] < 0);
    this.head.title = data.about;
    if (data.disabled) this.close(false);
    if (!this.waiting() && this.next) this.send();
    this.settle();
  }

  notch({ at }) {
    const mark = document.createElement("i");
    mark.style.left = `${this.part(at) * 100}%`;
    return mark;
  }

  // A note that has no room beside the label stands under the track.
  describe({ label, note, under, about, ticks }) {
    const marks = ticks.map((tick) => tick.whole);
    const said = [label, note, under, about, ...marks].join("|");
    if (said === this.said) return;
    this.said = said;
    const words = [note, under, ...marks, about].filter(Boolean);
    this.input.setAttribute("aria-description", words.join("; "));
    this.name.textContent = label;
    this.note.textContent = note;
    this.under.textContent = under;
    if (note && this.head.scrollWidth > this.head.clientWidth) {
      this.note.textContent = "";
      this.under.textContent = note;
    }
  }

  offer(move) {
    this.next = move;
    this.told = move.gesture;
    if (!this.waiting()) this.send();
  }

  send() {
    this.sent = Math.max(Date.now(), this.sent + 1);
    const move = { ...this.next, number: this.sent };
    this.next = null;
    this.say(move);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.answered = this.sent;
      if (this.next) this.send();
    }, PATIENCE_MS);
  }

  waiting() {
    return this.answered < this.sent;
  }

  // Only now is the change made: until here it was under way, and the address waits for its end.
  // It is said at once: the answer to what was under way is no longer wanted.
  release() {
    const underWay = this.held && this.told === this.gesture;
    this.held = false;
    if (underWay) {
      this.next = { value: this.shown, gesture: this.gesture, held: false };
      this.send();
    }
    this.settle();
  }

  // With nothing under way, what Python says is what stands.
  settle() {
    if (this.held || this.waiting() || this.next) return;
    this.input.value = this.data.value;
    this.paint(this.data.value);
  }

  paint(value) {
    this.shown = value;
    const part = this.part();
    const words = written(value, this.data);
    this.value.textContent = words;
    this.value.style.left = this.dot.style.left = `${part * 100}%`;
    this.done.style.width = `${part * 100}%`;
    this.input.setAttribute("aria-valuetext", words);
  }

  part(value = this.shown) {
    const { min, max } = this.data;
    return max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
  }
}

function begins({ key, altKey, ctrlKey, metaKey }) {
  return !(altKey || ctrlKey || metaKey) && (key === "Enter" || /^[\d.−-]$/.test(key));
}

function fresh() {
  return `${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
}

function written(value, { digits, unit, prefix }) {
  const exact = Number(value.toFixed(4));
  const own = (String(Math.abs(exact)).split(".")[1] || "").length;
  const places = Math.max(digits, Math.min(own, 2));
  const form = { minimumFractionDigits: places, maximumFractionDigits: places };
  return (exact < 0 ? "−" : "") + prefix + Math.abs(exact).toLocaleString("en-US", form) + unit;
}
