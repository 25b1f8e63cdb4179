// Message encryption of WeChat by @wecom/crypto or wechat-crypto, for the tests to compare with.
//
// usage: node wechat_crypto.js FOLDER_WITH_NODE_MODULES < job.json
// A job names the library, what to do (encrypt, decrypt or sign), the texts and what is shared;
// answers with a JSON list, one entry a text.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const installed = createRequire(path.join(path.resolve(process.argv[2]), 'package.json'));
const job = JSON.parse(fs.readFileSync(0, 'utf-8'));

function wecom() {
  const library = installed('@wecom/crypto');
  const salt = Buffer.from(job.salt || '', 'hex');
  return {
    encrypt: (text) => library.encrypt(job.key, text, job.app_id, salt),
    decrypt: (text) => { const said = library.decrypt(job.key, text); return [said.message, said.id]; },
    sign: (text) => library.getSignature(job.token, job.timestamp, job.nonce, text),
  };
}

function wechat() {
  // It draws its random bytes itself; here they are the ones of the job.
  crypto.pseudoRandomBytes = () => Buffer.from(job.salt, 'hex');
  const Crypt = installed('wechat-crypto');
  const library = new Crypt(job.token || 'token', job.key, job.app_id);
  return {
    encrypt: (text) => library.encrypt(text),
    decrypt: (text) => { const said = library.decrypt(text); return [said.message, said.id]; },
    sign: (text) => library.getSignature(job.timestamp, job.nonce, text),
  };
}

const library = job.library === '@wecom/crypto' ? wecom() : wechat();
process.stdout.write(JSON.stringify(job.texts.map(library[job.job])));
