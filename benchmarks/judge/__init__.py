"""The judge: tells a model's tunes from printed ones, and says by what. Used for nothing but measuring."""
