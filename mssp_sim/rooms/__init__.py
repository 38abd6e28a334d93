"""Live rooms: seats, rounds and answers in a store, off unless ``MSSP_ROOMS`` names one."""
