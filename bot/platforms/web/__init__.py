"""The site: pages, what they load, and the headers that keep them safe."""
