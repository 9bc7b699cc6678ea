// A passkey is asked of the browser, and its answer sent with the form. What the server wants stands in #passkey-options.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const wanted = JSON.parse(document.getElementById("passkey-options").textContent).publicKey;
const known = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

function create() {
  const user = { ...wanted.user, id: bytes(wanted.user.id) };
  const excludeCredentials = known(wanted.excludeCredentials);
  return navigator.credentials.create({
    publicKey: { ...wanted, user, excludeCredentials, challenge: bytes(wanted.challenge) },
  });
}

function get() {
  const allowCredentials = known(wanted.allowCredentials);
  return navigator.credentials.get({ publicKey: { ...wanted, allowCredentials, challenge: bytes(wanted.challenge) } });
}

function answer(key) {
  const response = { clientDataJSON: text(key.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  return {
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    response,
    clientExtensionResults: key.getClientExtensionResults(),
  };
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  const { form } = button;
  const said = document.getElementById("passkey-said");
  button.hidden = !window.PublicKeyCredential;
  button.addEventListener("click", async () => {
    const { password, credential } = form.elements;
    if (password && !password.value) {
      password.focus();
      return;
    }
    said.textContent = "";
    try {
      credential.value = JSON.stringify(answer(await (button.dataset.passkey === "create" ? create() : get())));
    } catch {
      said.textContent = said.dataset.failed;
      return;
    }
    form.submit();
  });
}
