"""The photographer: specs in, photos with all their labels out, and the gate that refuses bad ones."""
