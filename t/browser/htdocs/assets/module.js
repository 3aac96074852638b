window.ran = 'ran';
export default 'imported';
