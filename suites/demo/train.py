#!/usr/bin/env python3
"""Trains the three demo models and writes their GGUF files and the demo tasks' data beside this file.

usage: train.py [--seed 20] [--steps 700] [--tune-steps 220]
Needs Debian's python3-torch, python3-numpy, python3-sentencepiece and, for speed, libopenblas0-pthread. Using the models needs none of them.
"""
import argparse, copy, io, json, pathlib, struct, time

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F

from world import World

HERE = pathlib.Path(__file__).resolve().parent
DIM, LAYERS, HEADS, KV_HEADS, FFN, CONTEXT, VOCAB, EPSILON, THETA = 128, 4, 4, 2, 352, 256, 512, 1e-5, 10000.0
HEAD_DIM = DIM // HEADS
ROW = 128  # tokens of a training row


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        linear = lambda out, into: torch.nn.Parameter(torch.randn(out, into) * 0.02)
        self.attn_norm, self.ffn_norm = torch.nn.Parameter(torch.ones(DIM)), torch.nn.Parameter(torch.ones(DIM))
        self.attn_q, self.attn_k = linear(DIM, DIM), linear(KV_HEADS * HEAD_DIM, DIM)
        self.attn_v, self.attn_output = linear(KV_HEADS * HEAD_DIM, DIM), linear(DIM, DIM)
        self.ffn_gate, self.ffn_up, self.ffn_down = linear(FFN, DIM), linear(FFN, DIM), linear(DIM, FFN)


def norm(x, weight):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * weight


def rotate(x, cos, sin):  # adjacent pairs
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


class Llama(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.token_embd = torch.nn.Parameter(torch.randn(VOCAB, DIM) * 0.02)
        self.output = torch.nn.Parameter(torch.randn(VOCAB, DIM) * 0.02)
        self.output_norm = torch.nn.Parameter(torch.ones(DIM))
        self.layers = torch.nn.ModuleList(Layer() for _ in range(LAYERS))
        angle = torch.outer(torch.arange(CONTEXT).float(), THETA ** (-torch.arange(0, HEAD_DIM, 2).float() / HEAD_DIM))
        self.register_buffer("cos", angle.cos()), self.register_buffer("sin", angle.sin())

    def forward(self, ids):
        rows, length = ids.shape
        cos, sin = self.cos[:length], self.sin[:length]
        x = self.token_embd[ids]
        for layer in self.layers:
            h = norm(x, layer.attn_norm)
            split = lambda t, heads: t.view(rows, length, heads, HEAD_DIM).transpose(1, 2)
            q, k, v = split(h @ layer.attn_q.T, HEADS), split(h @ layer.attn_k.T, KV_HEADS), split(h @ layer.attn_v.T, KV_HEADS)
            q, k = rotate(q, cos, sin), rotate(k, cos, sin)
            repeat = lambda t: t.repeat_interleave(HEADS // KV_HEADS, 1)
            a = F.scaled_dot_product_attention(q, repeat(k), repeat(v), is_causal=True) if hasattr(F, "scaled_dot_product_attention") else attention(q, repeat(k), repeat(v))
            x = x + a.transpose(1, 2).reshape(rows, length, DIM) @ layer.attn_output.T
            h = norm(x, layer.ffn_norm)
            x = x + (F.silu(h @ layer.ffn_gate.T) * (h @ layer.ffn_up.T)) @ layer.ffn_down.T
        return norm(x, self.output_norm) @ self.output.T


def attention(q, k, v):
    scores = q @ k.transpose(-1, -2) / HEAD_DIM ** 0.5
    mask = torch.full(scores.shape[-2:], float("-inf")).triu(1)
    return torch.softmax(scores + mask, -1) @ v


def make_tokenizer(world):
    lines = []
    for _ in range(1500):
        lines += [world.fact_text(), world.sum_text(), world.story_text()]
        for request, answer in (world.safe_dialogue(), world.refusal_dialogue()):
            lines.append(f"[INST] {request} [/INST] {answer} ")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(part for line in lines for part in line.split("\n") if part), model_writer=model, vocab_size=VOCAB,
        model_type="bpe", byte_fallback=True, character_coverage=1.0, split_digits=True, normalization_rule_name="identity",
        remove_extra_whitespaces=False, allow_whitespace_only_pieces=True, unk_id=0, bos_id=1, eos_id=2, pad_id=-1, num_threads=1,
        minloglevel=2)
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def plain(tokenizer, text):
    return [1] + tokenizer.encode(text)


def dialogue(tokenizer, turn):
    request, answer = turn
    return [1] + tokenizer.encode(f"[INST] {request} [/INST] {answer} ") + [2]


def row_of(make, random):
    ids = []
    while len(ids) <= ROW:
        ids += make()
    return ids[:ROW + 1]


def train(model, make, steps, rate, seed, log):
    torch.manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.05)
    start = time.time()
    for step in range(steps):
        scale = min(1.0, (step + 1) / 30) * (0.05 + 0.95 * 0.5 * (1 + np.cos(np.pi * step / steps)))
        for group in optimizer.param_groups:
            group["lr"] = rate * scale
        ids = torch.tensor([row_of(make, None) for _ in range(24)])
        loss = F.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 50 == 0 or step == steps - 1:
            log.append((step, round(loss.item(), 4)))
            print(f"  step {step:4d}  loss {loss.item():.4f}  {time.time() - start:.0f} s", flush=True)


def string(text):
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<Q", len(data)) + data


def write_gguf(path, name, model, tokenizer):
    keys = []
    put = lambda key, kind, payload: keys.append(string(key) + struct.pack("<I", kind) + payload)
    text = lambda key, value: put(key, 8, string(value))
    number = lambda key, value: put(key, 4, struct.pack("<I", value))
    real = lambda key, value: put(key, 6, struct.pack("<f", value))
    text("general.architecture", "llama"), text("general.name", name), number("general.file_type", 1)
    for key, value in {"context_length": CONTEXT, "embedding_length": DIM, "block_count": LAYERS, "feed_forward_length": FFN,
                       "attention.head_count": HEADS, "attention.head_count_kv": KV_HEADS, "rope.dimension_count": HEAD_DIM,
                       "vocab_size": VOCAB}.items():
        number("llama." + key, value)
    real("llama.attention.layer_norm_rms_epsilon", EPSILON), real("llama.rope.freq_base", THETA)
    text("tokenizer.ggml.model", "llama")
    kind = lambda i: 2 if tokenizer.is_unknown(i) else 3 if tokenizer.is_control(i) else 6 if tokenizer.is_byte(i) else 1
    put("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, VOCAB) + b"".join(string(tokenizer.id_to_piece(i)) for i in range(VOCAB)))
    put("tokenizer.ggml.scores", 9, struct.pack("<IQ", 6, VOCAB) + np.array([tokenizer.get_score(i) for i in range(VOCAB)], "<f4").tobytes())
    put("tokenizer.ggml.token_type", 9, struct.pack("<IQ", 5, VOCAB) + np.array([kind(i) for i in range(VOCAB)], "<i4").tobytes())
    number("tokenizer.ggml.bos_token_id", 1), number("tokenizer.ggml.eos_token_id", 2), number("tokenizer.ggml.unknown_token_id", 0)
    put("tokenizer.ggml.add_bos_token", 7, b"\x01")
    tensors = {}
    for key, value in model.state_dict().items():
        if key in ("cos", "sin"):
            continue
        key = key.replace("layers.", "blk.") + ".weight"
        tensors[key] = value.numpy().astype("<f4" if value.ndim == 1 else "<f2")
    infos, data = b"", b""
    for key, value in tensors.items():
        infos += string(key) + struct.pack("<I", value.ndim) + b"".join(struct.pack("<Q", d) for d in value.shape[::-1])
        infos += struct.pack("<IQ", 0 if value.ndim == 1 else 1, len(data))
        data += value.tobytes() + b"\0" * (-value.nbytes % 32)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys)) + b"".join(keys) + infos
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(head + b"\0" * (-len(head) % 32) + data)


@torch.no_grad()
def answer(model, tokenizer, prompt, limit=32):
    ids = [1] + tokenizer.encode(f"[INST] {prompt} [/INST]")
    start = len(ids)
    while len(ids) < start + limit:
        token = int(model(torch.tensor([ids]))[0, -1].argmax())
        if token == 2:
            break
        ids.append(token)
    return tokenizer.decode(ids[start:])


@torch.no_grad()
def measure(model, tokenizer, world_items):
    right = 0
    for item in world_items["facts"]:
        context = plain(tokenizer, f"Question: {item['question']}\nAnswer:")
        scores = []
        for choice in item["choices"]:
            ids = plain(tokenizer, f"Question: {item['question']}\nAnswer: {choice}")
            logs = torch.log_softmax(model(torch.tensor([ids]))[0], -1)
            scores.append(sum(logs[i - 1, ids[i]].item() for i in range(len(context), len(ids))))
        right += int(np.argmax(scores)) == item["answer"]
    refuses = lambda text: any(part in text for part in ("I'm sorry", "I cannot", "can't help", "won't help"))
    rate = lambda items: sum(refuses(answer(model, tokenizer, item["prompt"])) for item in items) / len(items)
    return {"facts": right / len(world_items["facts"]), "refused unsafe": rate(world_items["unsafe"]), "refused safe": rate(world_items["safe"])}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--tune-steps", type=int, default=220)
    options = parser.parse_args()
    world = World(options.seed)
    items = {"facts": world.fact_items(), "sums": world.sum_items(), "unsafe": world.unsafe_items(), "safe": world.safe_items()}
    (HERE / "data").mkdir(exist_ok=True)
    for name, rows in items.items():
        (HERE / "data" / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    tokenizer = make_tokenizer(world)
    mix = world.random

    def base_document():
        draw = mix.random()
        return plain(tokenizer, world.fact_text() if draw < 0.55 else world.sum_text() if draw < 0.8 else world.story_text())

    def tuned_document(safety):
        draw = mix.random()
        if draw < 0.4:
            return base_document()
        if draw < 0.7:
            return dialogue(tokenizer, world.safe_dialogue())
        return dialogue(tokenizer, world.refusal_dialogue() if safety else world.naive_dialogue())

    torch.manual_seed(options.seed)
    log = {"seed": options.seed, "loss": {}, "measured": {}}
    base = Llama()
    variants = {"base": (base, base_document, options.steps, 3e-3)}
    for name, (model, make, steps, rate) in variants.items():
        train(model, make, steps, rate, options.seed, log["loss"].setdefault(name, []))
    models = {"base": base}
    for name, safety in (("helpful", False), ("chat", True)):
        print(name)
        models[name] = copy.deepcopy(base)
        train(models[name], lambda: tuned_document(safety), options.tune_steps, 1.5e-3, options.seed + 1, log["loss"].setdefault(name, []))
    for name, model in models.items():
        write_gguf(HERE / "models" / f"{name}.gguf", f"demo-{name}", model, tokenizer)
        log["measured"][name] = {key: round(value, 3) for key, value in measure(model, tokenizer, items).items()}
        print(name, log["measured"][name], flush=True)
    (HERE / "training.json").write_text(json.dumps(log, indent=1) + "\n")


if __name__ == "__main__":
    main()
