/** Of ECharts what our charts are drawn with; loaded when the first chart is to be seen. */
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import * as core from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

core.use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

export const drawInto = (place: HTMLElement) => core.init(place, null, { renderer: 'svg' })
