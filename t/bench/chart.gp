# gnuplot -e "data='FILE'; output='FILE'" chart.gp
#
# Bars of what each setup adds to a plain request.  The background is a colour
# of its own, so that the labels can be read on a dark page as on a light one.
set terminal svg size 860,430 dynamic rounded font 'sans-serif,15' \
    background rgb '#ffffff'
set output output
set datafile separator '|'
set style data histograms
set style histogram clustered gap 1
set style fill solid noborder
set boxwidth 0.92
set key outside top center horizontal maxrows 1 samplen 1 width 2 reverse Left
set border 3 linecolor rgb '#555555'
set xtics nomirror scale 0 textcolor rgb '#222222'
set ytics 0,4000 nomirror textcolor rgb '#222222'
set grid ytics linetype 1 linecolor rgb '#dddddd'
set ylabel 'instructions over a plain request' textcolor rgb '#222222'
set xrange [-0.6:4.6]
set bmargin 3.5
set xzeroaxis linetype 1 linecolor rgb '#555555'
set lmargin 11
plot data using 2:xtic(1) title 'floor' linecolor rgb '#b8b8b8', \
     '' using 3 title 'mod\_cors' linecolor rgb '#1565c0', \
     '' using 4 title 'recipe, correct' linecolor rgb '#ef6c00', \
     '' using 5 title 'recipe, popular' linecolor rgb '#ffb74d'
