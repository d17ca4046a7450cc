/*
 * Signs what "Try it out" sends, in the browser (RFC 9421 with hmac-sha256, RFC 9530). The secret is turned into a key
 * that can't be read back, lives in this page's memory alone, and is gone with the page.
 */
(() => {
  const { document, location, crypto, addEventListener } = globalThis;
  const COVERED = ['@method', '@authority', '@path', '@query'];
  /** @type {{ keyId: string, key: CryptoKey } | undefined} */
  let signer;

  const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

  function bytesOf(base64url) {
    const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  }

  /** RFC 9421 §2.5: one line a covered component, the parameters last. */
  async function signatureFields({ keyId, key }, { method, url, fields }) {
    const components = {
      '@method': method,
      '@authority': url.host,
      '@path': url.pathname,
      '@query': url.search === '' ? '?' : url.search,
      ...fields,
    };
    const names = [...COVERED, ...Object.keys(fields)];
    const nonce = base64(crypto.getRandomValues(new Uint8Array(18)));
    const list = names.map((name) => `"${name}"`).join(' ');
    const parameters = `(${list});created=${Math.floor(Date.now() / 1000)};keyid="${keyId}";nonce="${nonce}"`;
    const lines = [...names.map((name) => `"${name}": ${components[name]}`), `"@signature-params": ${parameters}`];
    const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(lines.join('\n')));
    return { 'Signature-Input': `sig1=${parameters}`, Signature: `sig1=:${base64(signature)}:` };
  }

  /** Swagger UI's hook before each request. It loads the document itself by spec, never by request. */
  globalThis.signDocsRequest = async (request) => {
    // This page may be open by another name of the same machine than the document's; it can only reach its own.
    const { pathname, search } = new URL(request.url, location.href);
    const url = new URL(location.origin + pathname + search);
    request.url = url.href;
    if (signer === undefined) return request;
    const fields = {};
    if (typeof request.body === 'string' && request.body !== '') {
      const type = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'content-type');
      fields['content-type'] = type?.[1] ?? 'text/plain;charset=UTF-8';
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(request.body));
      fields['content-digest'] = request.headers['Content-Digest'] = `sha-256=:${base64(digest)}:`;
    }
    const signed = await signatureFields(signer, { method: request.method.toUpperCase(), url, fields });
    Object.assign(request.headers, signed);
    return request;
  };

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function input(id, type) {
    return element('input', { id, type, autocomplete: 'off', spellcheck: false });
  }

  function signingForm() {
    const keyId = input('signing-key-id', 'text');
    const secret = input('signing-secret', 'password');
    const use = element('button', { id: 'signing-use', type: 'button', textContent: 'Sign requests' });
    const forget = element('button', { id: 'signing-forget', type: 'button', textContent: 'Forget', disabled: true });
    const state = element('p', { id: 'signing-state' });
    const say = (text) => {
      state.textContent = text;
      forget.disabled = signer === undefined;
    };
    const drop = () => {
      signer = undefined;
      keyId.value = secret.value = '';
      say('Requests are not signed. Nothing that is typed here is stored; a reload forgets it.');
    };
    use.onclick = async () => {
      signer = undefined;
      try {
        signer = await signerOf(keyId.value.trim(), secret.value.trim());
        secret.value = '';
        say(`Requests are signed as ${signer.keyId} until this page is left or reloaded.`);
      } catch (error) {
        say(error.message);
      }
    };
    forget.onclick = drop;
    // A page may be kept to come back to; the key isn't.
    addEventListener('pagehide', drop);
    drop();
    const fields = element(
      'div',
      { className: 'signing-fields' },
      element('label', { textContent: 'Key id' }, keyId),
      element('label', { textContent: 'Secret' }, secret),
      use,
      forget,
    );
    state.setAttribute('role', 'status');
    const form = element('section', { className: 'signing' }, fields, state);
    form.setAttribute('aria-label', 'Sign requests');
    return form;
  }

  async function signerOf(keyId, secret) {
    if (!/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(keyId))
      throw new Error('Type the key id: a client’s starts with cli_.');
    if (crypto.subtle === undefined) throw new Error('This browser signs on https and on localhost only.');
    if (!/^[A-Za-z0-9_-]{43,}$/.test(secret))
      throw new Error('Type the secret as it was shown when the client was created.');
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    return { keyId, key: await crypto.subtle.importKey('raw', bytesOf(secret), algorithm, false, ['sign']) };
  }

  document.body.insertBefore(signingForm(), document.getElementById('swagger-ui'));
})();
