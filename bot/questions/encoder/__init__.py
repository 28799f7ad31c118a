"""
What a text means, as 512 numbers: texts that mean the same are near each other, in Dutch, English, German and French.

The network is Google's Universal Sentence Encoder, multilingual, version 3 (Apache-2.0); README.md here says where the
data come from and how they were cut down to these languages.
"""

from bot.questions.encoder.network import SIZE, Encoder

__all__ = ["SIZE", "Encoder"]
