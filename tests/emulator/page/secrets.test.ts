import { hideSecrets } from "../../../emulator/page/secrets";

test.each([
  ["export PASSWORD=hunter2", "export PASSWORD=••••••"],
  ["DB_PASSWORD='a b' run", "DB_PASSWORD=•••••• run"],
  ['{"token": "abc", "n": 1}', '{"token": ••••••, "n": 1}'],
  ["mysql --password hunter2 -h db", "mysql --password •••••• -h db"],
  ["api_key: k-123", "api_key: ••••••"],
  ["ALIBABA_CLOUD_ACCESS_KEY_SECRET=x1", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=••••••"],
  ["curl -H 'Authorization: Bearer abcdefgh12'", "curl -H 'Authorization: Bearer ••••••'"],
  ["key LTAIabcdefghijkl1234", "key ••••••"],
  ["ghp_abcdefghijklmnopqrst0123", "••••••"],
  ["eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJ", "••••••"],
])("%j hides %j", (text, hidden) => {
  expect(hideSecrets(text)).toEqual({ text: hidden, isHidden: true });
});

test.each([
  "echo hello",
  "tokenize=yes",
  "PASSWORD=$1",
  'PASSWORD="$PASSWORD"',
  "password={{password}}",
  "the bearer of news",
  "passwords are hard",
])("%j hides nothing", (text) => {
  expect(hideSecrets(text)).toEqual({ text, isHidden: false });
});
