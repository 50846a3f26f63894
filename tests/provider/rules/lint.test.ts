// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are a shell's
import fc from "fast-check";
import { lintScript, type Script } from "../../../provider/rules/lint";
import { expectGrowth } from "../../growth";

const script = (content: string, fields: Partial<Script> = {}): Script => ({
  commandId: "c-1",
  type: "RunShellScript",
  content,
  enableParameter: false,
  parameterNames: [],
  ...fields,
});

const lint = (content: string, fields: Partial<Script> = {}) => lintScript(script(content, fields), undefined);

const bashism = (named: string) => [
  `command "c-1" runs under sh and uses what only bash knows: ${named}; begin it with #!/bin/bash`,
];

describe("finds nothing in", () => {
  it.each([
    [""],
    ["echo hello"],
    ['#!/bin/sh\nset -eu\n[ "$a" = b ] && exit 3\n. ./env\n'],
    ["echo $((1 + 2)) ${a:-1} ${a:=1} ${a:+1} ${a:?} ${a#x} ${a%%x} ${#a} $#"],
    ["x=$(( x+=1 ))"],
    ['a=1; b="$a"; f() { local c=2; }'],
    ["printf '%s' x >file 2>&1 &"],
    ["case $a in (b) echo c;; esac"],
    ["true # exit 194, [[ and source are only spoken of"],
    ["echo \"[[ exit 194 \" 'source x' a\\ [[\n"],
    ["cat <<EOF\nexit 194\nsource x\n[[ a ]]\nEOF\n"],
    ["cat <<-'END' >file\n\texit 194\n\tEND\necho done"],
    ["exit 1930; exit 19; myexit 193; --exit 194"],
    ["docker ps --format '{{.Names}}'"],
    ["password={{oos-secret:db}}"],
    ["password=$DB_PASSWORD"],
    ["TOKEN_FILE=/var/run/secrets/token1234567890"],
    ["token_url=https://example.com/token12345"],
    ["password=short1"],
    ["it's \f\u0001\v"],
  ])("%j", (content) => {
    expect(lint(content)).toEqual([]);
  });

  it("what bash runs", () => {
    const content = "set -o pipefail\n[[ $a == b* ]] && source x\n";
    expect(lint(`#!/bin/bash\n${content}`)).toEqual([]);
    expect(lint(`#!/usr/bin/env bash\n${content}`)).toEqual([]);
    expect(lint(`#!/usr/bin/env -S bash -eu\n${content}`)).toEqual([]);
  });

  it("what another program reads", () => {
    const content = "if a[[0]] == b: exit 194\n";
    expect(lint(`#!/usr/bin/python3\n${content}`)).toEqual([]);
    expect(lintScript(script(content), 'python3 -u {{ACS::ScriptFileName|Ext(".py")}}')).toEqual([]);
    expect(lint(content, { type: "RunPowerShellScript" })).toEqual([]);
  });
});

describe("exit codes by which the agent acts on the machine", () => {
  it.each([
    [
      "exit 193",
      'command "c-1" exits with code 193 in line 1, at which the agent stops the instance; use another code unless that is meant',
    ],
    [
      "#!/bin/bash\ntrue\nif reboot_needed; then exit  194; fi",
      'command "c-1" exits with code 194 in line 3, at which the agent restarts the instance; use another code unless that is meant',
    ],
  ])("%j", (content, warning) => {
    expect(lint(content)).toEqual([warning]);
  });
});

describe("line ends", () => {
  it.each([
    ["#!/bin/sh\r\necho a\r\n", 1],
    ["#!/usr/bin/python3\nprint(1)\r\n", 2],
  ])("%j", (content, line) => {
    expect(lint(content)).toEqual([
      `command "c-1" has Windows line ends (CRLF, first in line ${line}), which Linux takes for a part of the last word of each line; save it with LF`,
    ]);
  });

  it("are as they should be in a command for Windows", () => {
    expect(lint("dir\r\n", { type: "RunBatScript" })).toEqual([]);
  });
});

describe("a byte order mark", () => {
  const MARKED = (so: string) =>
    `command "c-1" begins with U+FEFF (byte order mark), which cannot be seen and is taken for a part of its first word${so}; save it as UTF-8 without one`;
  const UTF_16 = 'command "c-1" is in UTF-16, which no shell reads; save it as UTF-8 without a byte order mark';
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("echo a", "utf16le")]).toString();
  const utf16BigEndian = Buffer.concat([
    Buffer.from([0xfe, 0xff]),
    Buffer.from("echo a", "utf16le").swap16(),
  ]).toString();

  it.each<[string, string, string[]]>([
    ["\ufeffecho a", "RunShellScript", [MARKED("")]],
    ["\ufeff#!/bin/bash\n[[ -f x ]]", "RunShellScript", [MARKED(", so that its #! line is none")]],
    ["\ufeff@echo off", "RunBatScript", [MARKED("")]],
    ["\ufeffWrite-Output a", "RunPowerShellScript", []],
    ["echo '\ufeff'", "RunShellScript", []],
    [utf16, "RunShellScript", [UTF_16]],
    [utf16, "RunPowerShellScript", []],
    [utf16BigEndian, "RunShellScript", [UTF_16]],
  ])("%j as a %s", (content, type, warnings) => {
    expect(lint(content, { type })).toEqual(warnings);
  });
});

describe("what was read as something else than it is", () => {
  const LOST = (line: number) =>
    `the script holds U+FFFD (replacement character) in line ${line}, which stands where something else than UTF-8 was read, such as UTF-16 or GBK; save its file as UTF-8`;
  const NUL = (name: string, line: number) =>
    `${name} holds NUL in line ${line}, as text in UTF-16 does where it is read as UTF-8, and Linux takes it for no script; save its file as UTF-8`;

  // [content, whether it is a command's, type, warnings]
  it.each<[string, boolean, string, string[]]>([
    ["\ufffd\ufffde\0c\0", false, "RunShellScript", [LOST(1)]],
    ["\ufffd\ufffde\0c\0", false, "RunPowerShellScript", [LOST(1)]],
    ["#!/bin/sh\necho 'gr\ufffdn'", false, "RunShellScript", [LOST(2)]],
    ["#!/bin/sh\necho 'gr\ufffdn'", true, "RunShellScript", []],
    ["e\0c\0h\0o\0", false, "RunShellScript", [NUL("the script", 1)]],
    ["e\0c\0h\0o\0", true, "RunShellScript", [NUL('command "c-1"', 1)]],
    ["true\nd\0i\0r\0", false, "RunBatScript", [NUL("the script", 2)]],
    ["tail -n +3 $0 | tar x; exit\n\ufffd\0\ufffd", true, "RunShellScript", []],
  ])("%j, of a command: %j, as a %s", (content, isCommand, type, warnings) => {
    expect(lint(content, { type, ...(isCommand ? {} : { commandId: "" }) })).toEqual(warnings);
  });
});

describe("nothing to run", () => {
  const IDLE = (what: string) => [`command "c-1" runs nothing: it holds ${what} alone; write what is to run`];

  it.each<[string, string, string[]]>([
    [" \n\t\n", "RunShellScript", IDLE("blanks and comments")],
    ["#!/bin/bash\n# to do\n", "RunShellScript", IDLE("blanks and comments")],
    ["#!/usr/bin/python3\n# to do\n", "RunShellScript", []],
    [":", "RunShellScript", []],
    ["''", "RunShellScript", []],
    ["\r\n", "RunBatScript", IDLE("blanks")],
    ["# to do", "RunPowerShellScript", []],
  ])("%j as a %s", (content, type, warnings) => {
    expect(lint(content, { type })).toEqual(warnings);
  });

  it("says nothing of what a launcher reads", () => {
    expect(lintScript(script("# to do"), "reader")).toEqual([]);
  });
});

describe("characters that cannot be seen", () => {
  it.each<[string, string[]]>([
    ["ls\u00a0-l", ["U+00A0 (no-break space) in line 1 at character 3", "write a space"]],
    ["ls -l\n cd\u200b /tmp", ["U+200B (zero-width space) in line 2 at character 4", "remove it"]],
    ["ls\u3000-l\u00a0-a", ["U+3000 (ideographic space) in line 1 at character 3 and 1 more", "write a space"]],
    ["ls\ufeff", ["U+FEFF (byte order mark) in line 1 at character 3", "remove it"]],
    ["echo 'a\u00a0b' \"c\u200bd\" # e\u00a0f\ncat <<EOF\ng\u00a0h\nEOF", []],
    ["echo 完成，é", []],
    [Buffer.from("exit 0\n\x7fELF\x00\xff\xc2\xad\xc2\xa0", "latin1").toString(), []],
    ["#!/usr/bin/python3\nprint(\u00a01)", []],
  ])("%j", (content, [place, remedy]) => {
    expect(lint(content)).toEqual(
      place === undefined ? [] : [`command "c-1" holds ${place}, which a shell takes for a part of a word; ${remedy}`],
    );
  });
});

describe("bashisms under sh", () => {
  it.each([
    ["[[ -f x ]]", "[[ ]] (line 1)"],
    ["#!/bin/sh\nif [[ a ]]; then :; fi", "[[ ]] (line 2)"],
    ["#!/bin/dash\nsource ./env", "source (line 2)"],
    ["\n\n[ a == b ]", "== in [ ] (line 3)"],
    ["((i++))", "(( )) (line 1)"],
    ["cat <<< x", "<<< (line 1)"],
    ["diff <(a) b", "<( ) (line 1)"],
    ["a &> b", "&> (line 1)"],
    ["a |& b", "|& (line 1)"],
    ["function f { :; }", "function (line 1)"],
    ["true; source x", "source (line 1)"],
    ["declare -A m", "declare (line 1)"],
    ["let i=1", "let (line 1)"],
    ["shopt -s nullglob", "shopt (line 1)"],
    ["pushd /tmp", "pushd (line 1)"],
    ["a | readarray -t b", "mapfile (line 1)"],
    ["echo -e 'a\\n'", "echo -e (line 1)"],
    ["set -euo pipefail", "set -o pipefail (line 1)"],
    ["set -e -o pipefail", "set -o pipefail (line 1)"],
    ["a=(1 2)", "arrays (line 1)"],
    ['echo "${a[@]}"', "arrays (line 1)"],
    ["a+=b", "+= (line 1)"],
    ["echo {1..5}", "{a..b} (line 1)"],
    ["echo $'a'", "$' ' (line 1)"],
    ['echo "${a,,}"', "${a,,} (line 1)"],
    ["echo ${a^}", "${a,,} (line 1)"],
    ["echo ${a//b/c}", "${a/b/c} (line 1)"],
    ["echo ${a:1:2}", "${a:1:2} (line 1)"],
    ["echo ${!a}", "${!a} (line 1)"],
    ['cd $(dirname "${BASH_SOURCE}")', "$BASH_SOURCE (line 1)"],
    ["echo $RANDOM", "$RANDOM (line 1)"],
    ["cat <<EOF\nx\nEOF\n[[ a ]]", "[[ ]] (line 4)"],
    ["echo 'a\nb'\n[[ a ]]", "[[ ]] (line 3)"],
    [
      "[[ a ]]\nsource b\nlet c=1\ndeclare d\necho ${e,,}\na=(1)",
      "[[ ]] (line 1), source (line 2), declare (line 4), let (line 3) and 2 more",
    ],
  ])("%j", (content, named) => {
    expect(lint(content)).toEqual(bashism(named));
  });
});

describe("placeholders", () => {
  it.each<[string, Partial<Script>, string[]]>([
    ["{{env}}", { enableParameter: true, parameterNames: ["env"] }, []],
    ["{{Env}}", { enableParameter: true, parameterNames: ["env"] }, []],
    [
      "{{env}} {{port}}",
      {},
      [
        'command "c-1" holds {{env}}, {{port}}, but enableParameter is not set on it, so nothing is put in there; set it, or write the values themselves',
      ],
    ],
    [
      "{{env}} {{prot}}",
      { enableParameter: true, parameterNames: ["env"] },
      ['command "c-1" holds {{prot}}, which it does not define as a parameter; correct the spelling, or define it'],
    ],
    [
      "{{a}} {{b}}",
      { enableParameter: true },
      [
        'command "c-1" holds {{a}}, {{b}}, which it does not define as parameters; correct the spelling, or define them',
      ],
    ],
    [
      "echo",
      { enableParameter: true, parameterNames: ["env"] },
      [
        'command "c-1" defines "env" and does not use it; write {{env}} where the value belongs, or remove the parameter',
      ],
    ],
    [
      "Write-Output {{env}}",
      { type: "RunPowerShellScript" },
      [
        'command "c-1" holds {{env}}, but enableParameter is not set on it, so nothing is put in there; set it, or write the values themselves',
      ],
    ],
    [
      "{{ACS::InstanceId}}",
      {},
      [
        'command "c-1" holds {{ACS::InstanceId}}, but enableParameter is not set on it, and the agent leaves it as text then; set it',
      ],
    ],
    ["{{ACS::InstanceId}} {{ ACS::RegionId }} {{ACS::InstanceName}}", { enableParameter: true }, []],
    [
      "{{ACS::InstanceID}} {{ACS::InstanceID}}",
      {},
      [
        'command "c-1" holds {{ACS::InstanceID}}, which the service does not build in; use one of RegionId, AccountId, InstanceId, InstanceName, InvokeId, CommandId',
      ],
    ],
  ])("%j with %j", (content, fields, warnings) => {
    expect(lint(content, fields)).toEqual(warnings);
  });
});

// Whose double braces they are is seen by what else is there.
describe("double braces of another language are not told to become parameters", () => {
  it.each([
    ["Go, as docker has it", "docker ps --format '{{.Names}}'"],
    ["Go, with words that could be names", "docker inspect -f '{{range .Mounts}}{{.Source}}{{end}}' x"],
    ["Go, with such words alone", "x '{{ else }}'"],
    ["Jinja, a filter", "echo '{{ user }} {{ host | upper }}' > t"],
    ["Jinja, an attribute", "cat > t <<EOF\n{{ user }} {{ user.home }}\nEOF"],
    ["Jinja, a statement", "cat > t <<EOF\n{% if a %}{{ a }}{% endif %}\nEOF"],
    ["Jinja, by the name of the file", "cat > motd.j2 <<EOF\nhello {{ user }}\nEOF"],
    ["Helm", "helm template x --set-string y='{{ z }}'"],
    ["an f-string", "#!/usr/bin/python3\nx = 1\nprint(f'{{x}} is {x}')"],
    ["an f-string in a here-document", 'python3 - <<EOF\nprint(f"{{x}}")\nEOF'],
    ["a raw f-string of three quotes", '#!/usr/bin/python3\nprint(rf"""\n{{x}}\n""")'],
    ["format", "#!/usr/bin/python3\nprint('{{x}} {}'.format(1))"],
    ["GitHub Actions", "cat > w.yml <<'EOF'\nrun: echo ${{ secret }}\nEOF"],
  ])("%s", (_, content) => {
    expect(lint(content)).toEqual([]);
  });

  it.each([
    "echo {{env}} {{oos:a}} {{oos-secret:b}}",
    "echo {{ env }} {{{x}}}",
    'if {{env}}; then echo "{{ port }}"; fi',
    "printf '{{env}}'",
    "of='{{env}}'",
    "#!/usr/bin/python3\nprint('{{env}}')",
  ])("%j is", (content) => {
    expect(lint(content)).toEqual([
      expect.stringMatching(/^command "c-1" holds \{\{.*but enableParameter is not set on it/),
    ]);
  });
});

describe("what looks like a key", () => {
  const kept = (line: number, what: string) =>
    `command "c-1" holds in line ${line} what looks like ${what}, for everybody to read who may see the command; keep it in OOS Parameter Store and write {{oos-secret:name}}`;
  const random = "q7RtX2mPz9KdW4vB";

  it.each([
    [`aliyun configure set --access-key-id LTAI5t${random}`, kept(1, "an access key id")],
    [`true\n# AKIA${"A1".repeat(8)}`, kept(2, "an access key id")],
    ["cat >key <<EOF\n-----BEGIN RSA PRIVATE KEY-----\nEOF", kept(2, "a private key")],
    ["-----BEGIN PRIVATE KEY-----", kept(1, "a private key")],
    [`git clone https://ghp_${"a1B2c3".repeat(6)}@example.com`, kept(1, "a token")],
    [`export DB_PASSWORD='${random}'`, kept(1, "a password or key")],
    [`access_key_secret: ${random}`, kept(1, "a password or key")],
    [`TOKEN="ghp_${"a1B2c3".repeat(6)}"`, kept(1, "a token")],
  ])("%j", (content, warning) => {
    const warnings = lint(content);
    expect(warnings).toEqual([warning]);
  });

  it("is never repeated", () => {
    const secret = fc.stringMatching(/^[A-Za-z]{8}[0-9]{4}[A-Za-z0-9]{8}$/);
    const place = fc.constantFrom("password=", "export API_KEY='", 'secret: "', "# LTAI", "TOKEN=");
    fc.assert(
      fc.property(place, secret, (before, text) => {
        const warnings = lint(`echo start\n${before}${text}`);
        expect(warnings).toHaveLength(1);
        expect(warnings.join()).not.toContain(text);
      }),
    );
  });
});

it("says each thing once, whatever it reads, and at once", () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    "\\",
    "<<EOF\n",
    "EOF\n",
    "#",
    "\n",
    "${",
    "}",
    "[[ ",
    "exit 194",
    "{{",
    "}}",
    "x",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      const warnings = lint(pieces.join(""));
      expect(new Set(warnings).size).toBe(warnings.length);
      expect(warnings.every((warning) => warning.startsWith('command "c-1" ') && !warning.includes("\n"))).toBe(true);
    }),
  );
});

it.each([
  ["'"],
  ['"'],
  ["<<EOF\n"],
  ["{{"],
  ["token"],
  ["a-"],
  ["${"],
  ["((("],
  [" #"],
  ["\\"],
  ["[ "],
  ["token="],
  ["  "],
  ["set -o "],
])("%j takes time that grows with the length alone", (piece) => {
  expectGrowth((characters) => piece.repeat(characters / piece.length), lint);
});
