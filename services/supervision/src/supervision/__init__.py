"""Items, inspections and meetings: what falls behind is chased until it is put right."""
