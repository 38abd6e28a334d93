const RUNNING = new WeakMap();

export default function ({ parentElement, data }) {
  const out = parentElement.querySelector('[role="timer"]');
  const end = performance.now() + data.left * 1000;
  clearInterval(RUNNING.get(parentElement));
  const tell = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    const seconds = String(left % 60).padStart(2, "0");
    out.textContent = left > 0 ? `${Math.floor(left / 60)}:${seconds}` : "Time.";
  };
  tell();
  RUNNING.set(parentElement, setInterval(tell, 250));
  return () => clearInterval(RUNNING.get(parentElement));
}
