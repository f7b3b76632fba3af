"""How much enterprises put beside the government's money: by project, by fund, by year."""
