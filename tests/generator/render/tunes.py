"""Tunes of our own, each with what makes drawing and playing hard."""

from generator.music.tune import Tune

JIG = """X:1
T:The Hand-Made Jig
R:jig
M:6/8
L:1/8
Q:3/8=112
K:G
D|:"G"GAB "D7"ABc|"G"d2g "C"e2d|"G"BdB "Am"AcA|"D7/F#"F3 D2F|
"G"GAB "D7"ABc|"G"d2g "C"e2d|"Am"cBA "D7"FA^c|1 "G"G3 G2D:|2 "G"G3 G2d||
|:"Bm"d2g b2g|"F#m"faf d3-|d2g b2g|faf d2=c|
BdB AcA|"Eb"G_BG F3|cBA FAd|"G"G3 G3:|
"""

WALTZ = """X:1
T:The Half-Way Waltz
C:Trad.
R:waltz
M:3/4
L:1/8
K:Dm
A2|:"Dm"(3def f3 e|"A7"{d}e2 ^c2 A2|~d2 (d2 e2)|"Bb"f4 z2|
M:4/4
[K:D]"D"d2 [df]2 a2 f2|"A7/C#"e>d ^g<a e4|[M:3/4][Q:1/4=90]"D"d4 d2:|
"""

HORNPIPE = """X:1
T:Uneven Hornpipe
R:hornpipe
M:C|
L:1/8
P:AB
K:A
P:A
|:(3efg|a>gf>e c>BA>c|B>EG>B E4-|E2c2 e>c A2|E2E2 E2:|
P:B
|:(3efg|a2[ac']2 e2 z2|(5abc'd'e' a4|!trill!g2 !fermata!b2 "^Slow down"a4|[1A2A2 A2:|[2,3A2c2 A2:|
"""

AIR = """X:1
T:One Long Breath
M:4/4
L:1/4
Q:1/4=60
K:C
A4|c4|e4|A4|]
"""

FREE = """X:1
T:Out of Time
L:1/8
K:Am
E|"Am"A2 Bc e2|"Em"edB {c}B2A G3 ABc d2e2 d2B A8||
M:4/4
"Am"A4 c4|[M:none]e7|"G"(3dcB G E2|A3|]
"""


def jig() -> Tune:
    return Tune.read(JIG)


def waltz() -> Tune:
    return Tune.read(WALTZ)


def hornpipe() -> Tune:
    return Tune.read(HORNPIPE)


def air() -> Tune:
    return Tune.read(AIR)


def free() -> Tune:
    return Tune.read(FREE)


def all_tunes() -> list[Tune]:
    return [jig(), waltz(), hornpipe(), air(), free()]
