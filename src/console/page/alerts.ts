/** What reaches an agent who looks elsewhere: the tab's title, a sound, a desktop notification. */
export type Alerts = {
  /** The number of those who wait goes before the title. */
  title(name: string, waiting: number): void;
  chime(): void;
  /** Shows a notification if the agent allowed them and is not looking at this page. */
  notify(options: {
    readonly title: string;
    readonly body: string;
    readonly tag: string;
    readonly onOpen: () => void;
  }): void;
  permission(): NotificationPermission | 'unsupported';
  /** Browsers ask only after a click. */
  askPermission(): Promise<void>;
};

export function createAlerts(): Alerts {
  let audio: AudioContext | null = null;
  return {
    title: (name, waiting) => {
      document.title = waiting > 0 ? `(${waiting}) ${name}` : name;
    },
    chime: () => {
      audio ??= new AudioContext();
      const start = audio.currentTime;
      tone(audio, { frequency: 784, at: start });
      tone(audio, { frequency: 1047, at: start + 0.14 });
    },
    notify: ({ title, body, tag, onOpen }) => {
      if (document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted') return;
      const notification = new Notification(title, { body, tag });
      notification.onclick = () => {
        window.focus();
        notification.close();
        onOpen();
      };
    },
    permission: () => ('Notification' in window ? Notification.permission : 'unsupported'),
    askPermission: async () => {
      await Notification.requestPermission();
    },
  };
}

/** A soft bell: it fades out within half a second. */
function tone(audio: AudioContext, { frequency, at }: { frequency: number; at: number }) {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.45);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.5);
}
