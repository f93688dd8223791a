// The page's end of the cleaning worker: asks, and drops answers that came too late.

import { scriptAddress } from "./trust.js";

export class Cleaning {
  #worker = new Worker(scriptAddress(new URL("./cleaning-worker.js", import.meta.url)), { type: "module" });
  #waiting = new Map();
  #next = 1;
  #running = false;
  #queued = null;

  constructor({ onReady, onFailure }) {
    this.#worker.onmessage = ({ data }) => {
      if (data.ready) return onReady(data.kinds);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.error) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.reply);
    };
    this.#worker.onerror = (event) => onFailure(event.message ?? "the worker did not start");
  }

  ask(job, details) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, job, ...details });
    });
  }

  /**
   * Cleans a text; while one is being cleaned, only the newest of those that
   * come is kept, so typing never builds a queue.
   */
  async clean(text, favor, onResult) {
    this.#queued = { text, favor, onResult };
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#queued) {
        const now = this.#queued;
        this.#queued = null;
        const result = await this.ask("clean", { text: now.text, favor: now.favor });
        if (!this.#queued) now.onResult(result, now.text);
      }
    } finally {
      this.#running = false;
    }
  }
}
