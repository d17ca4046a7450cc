const STORAGE_KEY = 'patchbay.signed-in';

/** What this tab remembers of who is signed in: no secret, only under which name the browser keeps the session. */
export interface TabMark {
  get: () => string | null;
  set: (mark: string | null) => void;
}

export function tabMark(storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): TabMark {
  return {
    get: () => {
      try {
        return storage().getItem(STORAGE_KEY);
      } catch {
        return null;
      }
    },
    set: (mark) => {
      try {
        if (mark === null) storage().removeItem(STORAGE_KEY);
        else storage().setItem(STORAGE_KEY, mark);
      } catch {
        // A browser that forbids storage: the page then knows until it is reloaded.
      }
    },
  };
}
