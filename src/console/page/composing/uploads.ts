import type { AttachmentView } from '../../api.ts';
import { maxAttachments, maxUpload } from '../../limits.ts';
import { createStore, type Store } from '../store.ts';

/** A file on its way to the server, or one that did not get there. */
export type Upload = {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** An address of the picture on this device; null for what is none. */
  readonly preview: string | null;
  /** How much of it has left, 0..1. */
  readonly progress: number;
  readonly fault: UploadFault | null;
};

/** `refused`: the server won't take such a file. `unreachable`: another try may succeed. */
export type UploadFault = 'too_large' | 'empty' | 'too_many' | 'refused' | 'unreachable';

export type UploadsNeeds = {
  /** Rejects with a fault. */
  readonly send: (
    conversationId: string,
    file: File,
    options: { readonly progress: (part: number) => void; readonly signal: AbortSignal },
  ) => Promise<AttachmentView>;
  readonly newId: () => string;
  readonly previewOf: (file: File) => string | null;
  readonly forget: (preview: string) => void;
  /** How many files the draft of a conversation holds already. */
  readonly held: (conversationId: string) => number;
  /** It is on the server, and belongs to the draft from now on. */
  readonly uploaded: (conversationId: string, attachment: AttachmentView) => void;
};

export type Uploads = ReturnType<typeof createUploads>;

/** What is being uploaded, by conversation: an upload goes on while the agent looks at another one. */
export function createUploads({ send, newId, previewOf, forget, held, uploaded }: UploadsNeeds) {
  const store: Store<{ readonly byConversation: Readonly<Record<string, readonly Upload[]>> }> = createStore({
    byConversation: {},
  });
  const files = new Map<string, File>();
  const under = new Map<string, AbortController>();

  function of(conversationId: string): readonly Upload[] {
    return store.get().byConversation[conversationId] ?? [];
  }

  function keep(conversationId: string, uploads: readonly Upload[]) {
    store.set({ byConversation: { ...store.get().byConversation, [conversationId]: uploads } });
  }

  function patch(conversationId: string, id: string, change: Partial<Upload>) {
    keep(
      conversationId,
      of(conversationId).map((each) => (each.id === id ? { ...each, ...change } : each)),
    );
  }

  function add(conversationId: string, chosen: readonly File[]) {
    for (const file of chosen) {
      const id = newId();
      const room =
        maxAttachments - held(conversationId) - of(conversationId).filter(({ fault }) => fault === null).length;
      const fault = room <= 0 ? 'too_many' : faultOf(file);
      files.set(id, file);
      const { name, size } = file;
      const preview = fault ? null : previewOf(file);
      keep(conversationId, [...of(conversationId), { id, name, size, preview, progress: 0, fault }]);
      if (!fault) void start(conversationId, id);
    }
  }

  async function start(conversationId: string, id: string) {
    const file = files.get(id);
    if (!file) return;
    const controller = new AbortController();
    under.set(id, controller);
    patch(conversationId, id, { progress: 0, fault: null });
    try {
      const attachment = await send(conversationId, file, {
        progress: (progress) => patch(conversationId, id, { progress }),
        signal: controller.signal,
      });
      if (controller.signal.aborted) return;
      remove(conversationId, id);
      uploaded(conversationId, attachment);
    } catch (error) {
      if (!controller.signal.aborted) patch(conversationId, id, { fault: isFault(error) ? error : 'unreachable' });
    }
  }

  function remove(conversationId: string, id: string) {
    under.get(id)?.abort();
    under.delete(id);
    files.delete(id);
    const preview = of(conversationId).find((each) => each.id === id)?.preview;
    if (preview) forget(preview);
    keep(
      conversationId,
      of(conversationId).filter((each) => each.id !== id),
    );
  }

  return {
    store,
    add,
    remove,
    retry: (conversationId: string, id: string) => void start(conversationId, id),
    clear: () => {
      for (const [conversationId, uploads] of Object.entries(store.get().byConversation)) {
        for (const { id } of uploads) remove(conversationId, id);
      }
    },
  };
}

function faultOf({ size }: File): UploadFault | null {
  if (size === 0) return 'empty';
  return size > maxUpload ? 'too_large' : null;
}

function isFault(error: unknown): error is UploadFault {
  return error === 'too_large' || error === 'refused' || error === 'unreachable';
}
