throw new Error('I need libfoo');
