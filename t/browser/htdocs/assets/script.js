window.ran = 'ran';
