"""Assay's sample shop: a small, real web shop to explore, test and break on purpose.

`assay_shop.app.create_app` builds the site, `python -m assay_shop` serves it. It knows
nothing of Assay: it is only ever seen through a browser.
"""
