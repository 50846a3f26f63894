/** In what the dynamic resource and the plugin differ, and why; in all else their stories are the same. */
export const DIFFERENCES = {
  "an interrupted update": {
    dynamic: "ends when its runs do: the host answers the engine's Cancel, and the handlers do not hear of it",
    plugin: "ends at once, and the next one goes on waiting",
  },
  "a change that runs nothing": {
    dynamic: "leaves its dependants to be guessed at in a preview, since the host has no previews of its own",
    plugin: "is previewed with the outputs that stay",
  },
  "a rollout in a preview": {
    dynamic: "leaves its dependants to be guessed at: none of its outputs is known before the update",
    plugin: "tells its generation, so that of what depends on that alone a preview says what stays and what does not",
  },
  additionalSecretOutputs: {
    dynamic: "hide the output in messages as well: the class tells the handlers of it",
    plugin: "hide the output in the state, and a failure shows it: the engine tells the provider nothing of it",
  },
  "customTimeouts of a transform": {
    dynamic: "are not seen: the class has told the handlers those of the declaration by then",
    plugin: "bound the waits as those of the declaration do",
  },
  "the state": {
    dynamic:
      "holds the shim and, until a run is over, the URN, since nothing else tells the handlers: what a delete says later stands under the stack",
    plugin: "holds inputs and outputs alone, and what a delete says stands under its resource",
  },
  import: {
    dynamic: "is refused, since the host cannot read what it has no state of",
    plugin: "works, and nothing differs afterwards",
  },
} as const;
