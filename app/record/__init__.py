"""How a version gets into the record: what the interactions that write share."""
