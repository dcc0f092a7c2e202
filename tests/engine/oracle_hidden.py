#!/usr/bin/env python3
"""Hidden states of a Llama GGUF in float64, with the arithmetic of oracle.py, which is imported from another folder.

usage: oracle_hidden.py FOLDER_OF_ORACLE MODEL.gguf LAYER applied|left_out last|mean IDS [IDS...]
LAYER: number of blocks to run, 0 for the embeddings. IDS: 1,15043,3186. Prints a JSON list of one vector per IDS.
"""
import json
import sys

sys.path.insert(0, sys.argv[1])
import oracle  # noqa: E402


class Tapped(oracle.Llama):
    """oracle.Llama.hidden() runs `nl` blocks and then the final norm: sets both as requested."""

    def states(self, ids, layer, final_norm):
        self.nl = layer
        self.final_norm = final_norm
        return self.hidden(ids)

    def norm(self, x, name):
        if name == 'output_norm.weight' and not self.final_norm:
            return x
        return super().norm(x, name)


def main():
    path, layer, final_norm, pooling = sys.argv[2:6]
    model = Tapped(path)
    result = []
    for argument in sys.argv[6:]:
        states = model.states([int(token) for token in argument.split(',')], int(layer), final_norm == 'applied')
        result.append((states[-1] if pooling == 'last' else states.mean(0)).tolist())
    print(json.dumps(result))


main()
