"""The reference networks of `bench engine` in PyTorch, eager, as a PyTorch user writes them.

Reads lines "NET BATCH train|forward", prints the milliseconds of one run for each. A peer to compare with: nothing of
Reverie learns or runs in Python.
"""

import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(58, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 48)
        )

    def forward(self, x):
        return self.layers(x)

    @staticmethod
    def data(batch):
        return (torch.randn(batch, 58),), torch.randn(batch, 48)


class DitBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.widen = nn.Linear(width, 4 * width, bias=False)
        self.narrow = nn.Linear(4 * width, width, bias=False)
        self.modulation = nn.Linear(width, 4 * width, bias=False)

    def forward(self, x, condition):
        batch, tokens, width = x.shape
        scale1, shift1, scale2, shift2 = self.modulation(condition)[:, None].chunk(4, -1)
        seen = self.norm(x) * (1 + scale1) + shift1
        parts = self.qkv(seen).reshape(batch, tokens, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, tokens, width))
        thought = self.norm(x) * (1 + scale2) + shift2
        return x + self.narrow(F.silu(self.widen(thought)))


class Dit(nn.Module):
    def __init__(self, width=128, blocks=4, heads=4):
        super().__init__()
        self.patch = nn.Linear(192, width, bias=False)
        self.position = nn.Parameter(0.1 * torch.randn(64, width))
        self.condition = nn.Linear(64, width, bias=False)
        self.blocks = nn.ModuleList(DitBlock(width, heads) for _ in range(blocks))
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.pixels = nn.Linear(width, 192, bias=False)

    def forward(self, x, latent):
        condition = F.silu(self.condition(latent))
        hidden = self.patch(x) + self.position
        for block in self.blocks:
            hidden = block(hidden, condition)
        return self.pixels(self.norm(hidden))

    @staticmethod
    def data(batch):
        return (torch.randn(batch, 64, 192), torch.randn(batch, 64)), torch.randn(batch, 64, 192)


def conv(inputs, outputs, size=3):
    return nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=False)


class Residual(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = conv(inputs, outputs)
        self.second = conv(outputs, outputs)
        self.modulation = nn.Linear(128, 2 * outputs, bias=False)
        self.skip = conv(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, condition):
        first = self.first(F.silu(F.instance_norm(x)))
        scale, shift = self.modulation(condition)[:, :, None, None].chunk(2, 1)
        second = self.second(F.silu(F.instance_norm(first) * (1 + scale) + shift))
        return self.skip(x) + second


class Unet(nn.Module):
    def __init__(self, widths=(24, 48, 96, 96)):
        super().__init__()
        self.condition = nn.Linear(64, 128, bias=False)
        self.stem = conv(3, widths[0])
        inputs = (widths[0], *widths[:-1])
        self.down = nn.ModuleList(Residual(a, b) for a, b in zip(inputs, widths))
        self.middle = Residual(widths[-1], widths[-1])
        below = (*widths[1:], widths[-1])
        self.up = nn.ModuleList(Residual(a + b, b) for a, b in zip(below, widths))
        self.out = conv(widths[0], 3)

    def forward(self, x, latent):
        condition = F.silu(self.condition(latent))
        hidden = self.stem(x)
        skips = []
        for level, block in enumerate(self.down):
            hidden = block(hidden if level == 0 else F.avg_pool2d(hidden, 2), condition)
            skips.append(hidden)
        hidden = self.middle(hidden, condition)
        for level in reversed(range(len(self.up))):
            hidden = self.up[level](torch.cat([hidden, skips[level]], 1), condition)
            if level > 0:
                hidden = F.interpolate(hidden, scale_factor=2, mode="nearest")
        return self.out(F.silu(F.instance_norm(hidden)))

    @staticmethod
    def data(batch):
        return (torch.randn(batch, 3, 64, 64), torch.randn(batch, 64)), torch.randn(batch, 3, 64, 64)


NETWORKS = {"mlp": Mlp, "dit": Dit, "unet": Unet}


class Runner:
    def __init__(self, name, batch):
        torch.manual_seed(0)
        self.network = NETWORKS[name]()
        self.inputs, self.target = self.network.data(batch)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=1e-3)

    def train(self):
        self.optimiser.zero_grad()
        loss = F.mse_loss(self.network(*self.inputs), self.target)
        loss.backward()
        self.optimiser.step()
        return loss.item()

    def forward(self):
        with torch.inference_mode():
            return self.network(*self.inputs)


def main():
    torch.set_num_threads(int(sys.argv[1]))
    print(torch.__version__, flush=True)
    runners = {}
    for line in sys.stdin:
        name, batch, phase = line.split()
        runner = runners.setdefault((name, batch), Runner(name, int(batch)))
        began = time.perf_counter()
        getattr(runner, phase)()
        print(1000 * (time.perf_counter() - began), flush=True)


main()
