export default { name: 'slow', summary: 'x', contract: '0.1.0' };
for (;;);
