"""The tuned numbers of put-back, each with its unit and reason. All were chosen by looking at real photos."""

from vton.conditioning.masks import square

# Shares.
WORN = 0.4  # of what the network says: from there on a pixel is the garment's
PIECE = 0.03  # of the garment's largest piece: smaller ones are mistakes, not sleeves
COVERED = 4.0  # times a pixel's covered share: one that is covered by a quarter counts as replaced

# Canvas pixels (256x192).
NEXT = square(1)  # a border of one pixel, which mixes the colours of both sides
RIM = square(2)  # by how much parsings may be off
MIXED = 5  # side of the square over which spread colours are averaged: single pixels make streaks
SHADOW = 3  # below the old hem, which lie in its shadow
HEM = 4  # by which limbs go on within sleeves and legs, whose hems are slanted
LEAST_SEEN = 12  # of a lower garment, in a column, that are enough to go on with
LEAST_SKIN = 250  # of a part's skin, as an area, that are enough to go on with; less may be a sock
KNOWN = 6.0  # around drawn skin, for which it tells light and shade

# Parts of the body unit, the distance from neck to hips.
TAPER = 0.3  # above an old hem, over which a lower garment becomes as narrow as what hides it
BESIDE = 0.2  # beside a trouser leg, where no bare leg shows
ROUND = 0.09  # within the outline of a limb, from where on it is fully bright

# Brightness and colours.
EDGE = 0.8  # of the full brightness: how bright a limb is at its outline
DARKEST, LIGHTEST = 0.7, 1.25  # of the brightness of the skin that the photo shows: what drawn skin may have
TONE = 50  # of 255: how far drawn skin may be from that skin and still tell light and shade

# Borders on a finer canvas.
NARROWER, NARROWEST = 1.3, 4.0  # are that many times its scale as steep, at most so many
