# gnuplot -e "data='FILE'; output='FILE'" chart.gp
#
# Bars of what each setup adds to a plain request, and below what lines in
# sections and in .htaccess files add: a block of the data for each panel.  The
# background is a colour of its own, so that the labels can be read on a dark
# page as on a light one.
set terminal svg size 900,760 dynamic rounded font 'sans-serif,15' \
    background rgb '#ffffff'
set output output
set datafile separator '|'
set style fill solid noborder
set border 3 linecolor rgb '#555555'
set xtics nomirror scale 0 textcolor rgb '#222222'
set ytics nomirror textcolor rgb '#222222'
set grid ytics linetype 1 linecolor rgb '#dddddd'
set xzeroaxis linetype 1 linecolor rgb '#555555'
set multiplot

set origin 0, 0.42
set size 1, 0.58
set style data histograms
set style histogram clustered gap 1
set boxwidth 0.92
set key outside top center horizontal maxrows 1 samplen 1 width 2 reverse Left
set ytics 0,4000
set ylabel 'instructions over a plain request' textcolor rgb '#222222'
set xrange [-0.6:5.6]
set lmargin 11
set bmargin 3.5
plot data index 0 using 2:xtic(1) title 'floor' linecolor rgb '#b8b8b8', \
     '' index 0 using 3 title 'mod\_cors' linecolor rgb '#1565c0', \
     '' index 0 using 4 title 'recipe, correct' linecolor rgb '#ef6c00', \
     '' index 0 using 5 title 'recipe, popular' linecolor rgb '#ffb74d'

# One bar each, in a colour of its own, with its figure above.
unset key
unset ylabel
set boxwidth 0.7
set rmargin 1
set yrange [0:*]
set offsets 0, 0, graph 0.08, 0

set origin 0, 0
set size 0.36, 0.44
set title "a line in each of three\nsections, over all at the top" \
    textcolor rgb '#222222'
set xrange [-0.6:1.6]
set ytics 0,500
plot data index 1 using 0:2:3:xtic(1) with boxes linecolor rgb variable, \
     '' index 1 using 0:2:4 with labels offset 0, 0.6

set origin 0.36, 0
set size 0.64, 0.44
set title "lines in .htaccess,\nover an empty file" textcolor rgb '#222222'
set xrange [-0.6:4.6]
set ytics 0,40000
plot data index 2 using 0:2:3:xtic(1) with boxes linecolor rgb variable, \
     '' index 2 using 0:2:4 with labels offset 0, 0.6
