// Shows credentials to two verifiers that are not ours: node check.mjs FILE. FILE holds {pages: {address: document},
// credentials: [text]}; nothing else is readable, every other address is an error. Prints a list with one
// {bazaar: {verified, revoked}, core: {verified, revoked, schema}} a credential.
import {readFileSync} from 'node:fs';

const {pages, credentials} = JSON.parse(readFileSync(process.argv[2], 'utf8'));

function page(address) {
  if (!(address in pages)) throw new Error(`asked for ${address}`);
  return pages[address];
}

globalThis.fetch = async request => {
  const document = page(typeof request === 'string' ? request : request.url ?? String(request));
  return new Response(JSON.stringify(document), {headers: {'Content-Type': 'application/json'}});
};
console.log = console.error = () => {};

const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const {cryptosuite} = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const vc = await import('@digitalbazaar/vc');
const {checkStatus} = await import('@digitalbazaar/vc-bitstring-status-list');
const core = await import('@digitalcredentials/verifier-core');

const suite = new DataIntegrityProof({cryptosuite});
const did = Object.values(pages).find(document => document.verificationMethod);

async function documentLoader(address) {
  let document = pages[address];
  if (address === did.id) document = did;
  const method = did.verificationMethod.find(one => one.id === address);
  if (method) document = {'@context': 'https://w3id.org/security/multikey/v1', ...method};
  return {contextUrl: null, documentUrl: address, document: document ?? page(address)};
}

async function bazaar(credential) {
  const list = {suite, documentLoader, checkStatus};
  const signed = await vc.verifyCredential({credential, suite, documentLoader, checkStatus: () => ({verified: true})});
  const status = await checkStatus({credential, ...list}).catch(error => ({error: String(error)}));
  return {
    verified: signed.verified, revoked: status.results?.[0]?.status ?? null,
    error: signed.error && String(signed.error.errors?.[0] ?? signed.error), statusError: status.error && String(status.error),
  };
}

async function byCore(credential) {
  const found = await core.verifyCredential({credential, knownDIDRegistries: []});
  const step = name => found.log?.find(one => one.id === name);
  const schema = found.additionalInformation?.find(one => one.id === 'schema_check');
  return {
    verified: step('valid_signature')?.valid === true && step('expiration')?.valid !== false,
    revoked: step('revocation_status') ? step('revocation_status').valid === false : null,
    schema: schema?.results?.[0]?.result?.valid ?? null,
    error: found.errors && JSON.stringify(found.errors),
  };
}

const results = [];
for (const text of credentials) {
  const parse = () => JSON.parse(text);
  results.push({bazaar: await bazaar(parse()), core: await byCore(parse())});
}
process.stdout.write(JSON.stringify(results));
