-- The notation of the reports, resolved once for HTML, DOCX and Typst (PDF).
--
-- Numbers sections, figures, tables and equations; resolves @sec-x, @fig-x, @tbl-x and @eq-x; turns callouts,
-- lead paragraphs and key facts into what each format can show. Both engines run this file (Quarto before its own
-- filters), so that words and numbers are the same in every file of a report.
--
-- Metadata `words`: fig, tbl, sec, eq, note, tip, warning, important, caution, contents, table (text of the language).

local stringify = pandoc.utils.stringify
local KINDS = { fig = true, tbl = true, sec = true, eq = true }
local PROSE, WORDS, WORD = 40, 18, 10 -- characters beyond which a column of a table holds sentences, several words, more than one
local LONG = 24 -- characters from which a word, such as the name of a file, may break anywhere
local CALLOUTS = { "note", "tip", "warning", "important", "caution" }

local words, numbers, counters, problems = {}, {}, {}, {}
local section_numbers, top_level = {}, 2
local contents = {}

local function is(format) return FORMAT:match(format) ~= nil end
local HTML, DOCX, TYPST = is "html", is "docx", is "typst"

local function kind_of(id) return (id or ""):match("^(%a+)%-") end
local function raw(text) return pandoc.RawBlock(HTML and "html" or "typst", text) end
local function html_escape(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end
local function typst_string(text) return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s+", " ") .. '"' end
local function styled(style, blocks) return pandoc.Div(blocks, { ["custom-style"] = style }) end
local function problem(text) table.insert(problems, text) end

-- First walk: numbers -----------------------------------------------------------------------------------------

local function remember(id, number)
  if id == "" then return end
  if numbers[id] then problem("the name " .. id .. " is given twice") end
  numbers[id] = number
end

local function count(kind, id)
  counters[kind] = (counters[kind] or 0) + 1
  remember(id, tostring(counters[kind]))
  return tostring(counters[kind])
end

local function find_top_level(doc)
  local least = 9
  doc:walk { Header = function(h) least = math.min(least, h.level) end }
  return least < 9 and least or 2
end

local function number_section(header)
  local level = header.level - top_level + 1
  if header.classes:includes("unnumbered") then
    if kind_of(header.identifier) == "sec" then remember(header.identifier, "") end
    return
  end
  for deeper = level + 1, 6 do section_numbers[deeper] = 0 end
  section_numbers[level] = (section_numbers[level] or 0) + 1
  local parts = {}
  for i = 1, level do parts[i] = tostring(section_numbers[i] or 0) end
  header.attributes["data-number"] = table.concat(parts, ".")
  if kind_of(header.identifier) == "sec" then remember(header.identifier, header.attributes["data-number"]) end
  return header
end

-- A display equation may be followed by {#eq-x alt="..."}; the parser leaves that as text.
local function equation_of(para)
  local inlines = para.content
  if #inlines == 0 or inlines[1].t ~= "Math" or inlines[1].mathtype ~= "DisplayMath" then return nil end
  local rest = stringify(pandoc.Inlines { table.unpack(inlines, 2) })
  if rest:match("^%s*$") then return inlines[1], "", "" end
  local id = rest:match("^%s*{#(eq%-[%w_-]+)")
  if not id then return nil end
  return inlines[1], id, rest:match('alt=["“](.-)["”]') or ""
end

local function mark_equation(para)
  local math, id, alt = equation_of(para)
  if not math then return nil end
  local number = id ~= "" and count("eq", id) or ""
  -- false: the walk must not meet the same paragraph again inside the new block
  return pandoc.Div({ pandoc.Para { math } }, pandoc.Attr(id, { "equation" }, { number = number, alt = alt })), false
end

-- A picture that stands alone is a figure, with or without a caption.
local function mark_picture(para)
  if #para.content ~= 1 or para.content[1].t ~= "Image" then return nil end
  local image = para.content[1]
  local id = image.identifier
  image.identifier = ""
  local number = kind_of(id) == "fig" and count("fig", id) or ""
  return pandoc.Figure({ pandoc.Plain { image } }, { pandoc.Plain(image.caption) }, pandoc.Attr(id, {}, { number = number })), false
end

local numbering = {
  traverse = "topdown",
  Header = number_section,
  Para = function(para)
    local found, walk_on = mark_equation(para)
    if found then return found, walk_on end
    return mark_picture(para)
  end,
  Figure = function(figure)
    if kind_of(figure.identifier) == "fig" then
      figure.attributes.number = count("fig", figure.identifier)
      return figure, false
    end
  end,
  Table = function(tbl)
    if kind_of(tbl.identifier) == "tbl" then
      tbl.attributes.number = count("tbl", tbl.identifier)
      return tbl, false
    end
  end,
}

-- Second walk: what each format shows --------------------------------------------------------------------------

local function label_of(kind, number)
  if number == nil or number == "" then return nil end
  return words[kind] .. "\u{a0}" .. number
end

local function reference(citation)
  local id = citation.id
  local kind = kind_of(id)
  if numbers[id] == nil then
    problem("the cross-reference @" .. id .. " points to nothing")
    return pandoc.Str("?" .. id)
  end
  local bare = citation.mode == "SuppressAuthor"
  local text = (bare or numbers[id] == "") and (numbers[id] ~= "" and numbers[id] or words[kind])
    or label_of(kind, numbers[id])
  return pandoc.Link(text, "#" .. id, "", pandoc.Attr("", HTML and { "reference" } or {}))
end

local function resolve(cite)
  -- the handle of an account, not a reference: there is no bibliography here
  if not KINDS[kind_of(cite.citations[1].id) or ""] then return cite.content end
  local result = pandoc.Inlines {}
  for i, citation in ipairs(cite.citations) do
    if i > 1 then result:extend { pandoc.Str(","), pandoc.Space() } end
    result:insert(reference(citation))
  end
  return result
end

local in_line -- what stands within a line: pictures, math, marks
local function captioned(kind, number, caption)
  local inlines = pandoc.utils.blocks_to_inlines(caption):walk(in_line)
  local label = label_of(kind, number)
  if not label then return inlines end
  local name = HTML and pandoc.Span({ pandoc.Str(label .. ".") }, pandoc.Attr("", { "caption-label" }))
    or pandoc.Strong { pandoc.Str(label .. ".") }
  if #inlines == 0 then return pandoc.Inlines { name } end
  return pandoc.Inlines { name, pandoc.Space(), table.unpack(inlines) }
end

local function header(h)
  local number = h.attributes["data-number"]
  h.attributes["data-number"] = nil
  h.level = h.level - top_level + (HTML and 2 or 1)
  if number then
    local mark = HTML and pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "section-number" }))
      or pandoc.Str(number)
    h.content = pandoc.Inlines { mark, HTML and pandoc.Space() or pandoc.Str("\u{2002}"), table.unpack(h.content) }
  end
  if DOCX and h.level == 1 and not h.classes:includes("unlisted") then
    table.insert(contents, { id = h.identifier, text = h.content:clone() })
  end
  return h
end

local function the_image(figure)
  local image
  figure.content:walk { Image = function(found) image = image or found end }
  return image
end

local function alt_of(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt or ""
  image.attributes["fig-alt"], image.attributes.alt = nil, nil
  if alt == "" then problem("the picture " .. image.src .. " has no text alternative (fig-alt)") end
  if image.src:match("^%a+://") or image.src:match("^//") then problem("the picture " .. image.src .. " is on another host") end
  return alt
end

local function html_figure(figure, image, alt, caption)
  image.caption = pandoc.Inlines { pandoc.Str(alt) }
  local id = figure.identifier ~= "" and ' id="' .. html_escape(figure.identifier) .. '"' or ""
  local blocks = pandoc.Blocks { raw("<figure" .. id .. ">"), pandoc.Plain { image } }
  if #caption > 0 then
    blocks:extend { raw("<figcaption>"), pandoc.Plain(caption), raw("</figcaption>") }
  end
  blocks:insert(raw("</figure>"))
  return blocks
end

local function docx_figure(figure, image, alt, caption)
  image.caption = pandoc.Inlines { pandoc.Str(alt) }
  local blocks = pandoc.Blocks { styled("Figure", { pandoc.Para { image } }) }
  if #caption > 0 then blocks:insert(styled("Image Caption", { pandoc.Para(caption) })) end
  return pandoc.Div(blocks, pandoc.Attr(figure.identifier))
end

local function typst_figure(figure, image, alt, caption)
  local width = image.attributes.width and ", width: " .. image.attributes.width or ""
  local picture = "#picture(" .. typst_string(image.src) .. ", alt: " .. typst_string(alt) .. width .. ")"
  local label = figure.identifier ~= "" and "<" .. figure.identifier .. ">" or ""
  if #caption == 0 then return raw("#figure(kind: image)[" .. picture .. "] " .. label) end
  return pandoc.Blocks {
    raw("#figure(kind: image, caption: ["), pandoc.Plain(caption), raw("])[" .. picture .. "] " .. label),
  }
end

local function figure(fig)
  local image = the_image(fig)
  if not image then return nil end
  local alt = alt_of(image)
  local caption = captioned("fig", fig.attributes.number, fig.caption.long)
  local show = HTML and html_figure or DOCX and docx_figure or typst_figure
  return show(fig, image, alt, caption), false
end

local function scope_cells(rows, scope, only_first)
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row.cells) do
      if not only_first or i == 1 then cell.attributes.scope = scope end
    end
  end
end

-- Every body row is named by its first cell, which is therefore a heading of the row.
local function name_rows_and_columns(tbl)
  scope_cells(tbl.head.rows, "col", false)
  for _, body in ipairs(tbl.bodies) do
    body.row_head_columns = 1
    scope_cells(body.body, "row", true)
  end
end

local function html_table(tbl, caption)
  local id = tbl.identifier
  local name = #caption > 0 and 'aria-labelledby="' .. html_escape(id) .. '-caption"'
    or 'aria-label="' .. html_escape(words.table) .. '"'
  local role = #caption > 0 and "region" or "group" -- landmarks must differ by name; one without a name is none
  local blocks = pandoc.Blocks { raw('<figure class="table"' .. (id ~= "" and ' id="' .. id .. '"' or "") .. ">") }
  if #caption > 0 then
    blocks:extend { raw('<figcaption id="' .. id .. '-caption">'), pandoc.Plain(caption), raw("</figcaption>") }
  end
  tbl.attr = pandoc.Attr("", {}, #caption > 0 and { ["aria-labelledby"] = id .. "-caption" } or {})
  tbl.caption = pandoc.Caption {}
  blocks:extend {
    raw('<div class="table-scroll" role="' .. role .. '" tabindex="0" ' .. name .. ">"), tbl, raw("</div></figure>"),
  }
  return blocks
end

local function docx_table(tbl, caption)
  local blocks = pandoc.Blocks {}
  if #caption > 0 then blocks:insert(styled("Table Caption", { pandoc.Para(caption) })) end
  local id = tbl.identifier
  tbl.attr = pandoc.Attr()
  tbl.caption = pandoc.Caption {}
  blocks:extend { tbl, styled("After Table", { pandoc.Para { pandoc.Str("\u{200b}") } }) }
  return pandoc.Div(blocks, pandoc.Attr(id))
end

-- Longest text of each column, in characters; of its rows alone, where its heading may be broken as they need.
local function longest(tbl, rows_alone)
  local lengths = {}
  local function look(rows)
    for _, row in ipairs(rows) do
      for i, cell in ipairs(row.cells) do
        lengths[i] = math.max(lengths[i] or 0, utf8.len(stringify(cell.contents)) or 0)
      end
    end
  end
  if not rows_alone then look(tbl.head.rows) end
  for _, body in ipairs(tbl.bodies) do look(body.body) end
  return lengths
end

-- The dashes of a pipe table are no widths: columns with sentences share the room that short ones leave.
local function set_widths(tbl)
  local lengths, columns, total = longest(tbl), {}, 0
  for _, length in ipairs(lengths) do total = total + math.min(length, 60) + 4 end
  for i, column in ipairs(tbl.colspecs) do
    columns[i] = { column[1], DOCX and (math.min(lengths[i] or 0, 60) + 4) / total or nil }
  end
  tbl.colspecs = columns
  return lengths
end

local function html_widths(tbl)
  local lengths = longest(tbl, true)
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      for i, cell in ipairs(row.cells) do
        local class = (lengths[i] or 0) > PROSE and "prose" or (lengths[i] or 0) > WORDS and "words"
        if class then cell.attr.classes:insert(class) end
        local text = stringify(cell.contents)
        if utf8.len(text) <= WORDS and text:find("%d") and not text:find("%a%a%a%a") then
          cell.attr.classes:insert("number")
        end
        for word in text:gmatch("%S+") do
          if utf8.len(word) > LONG then cell.attr.classes:insert("long") break end
        end
      end
    end
  end
end

-- Tables fill the width of the text, unless they are small.
local function typst_widths(lengths)
  local widths, total, most = {}, 0, math.max(0, table.unpack(lengths))
  local sentences = most > PROSE
  local whole = sentences and WORDS or most > WORDS and WORD or 0 -- columns up to this length are not broken
  for i, length in ipairs(lengths) do
    total = total + length
    local share = math.max(math.min(length, 48), sentences and 24 or 0) + 3
    widths[i] = length <= whole and "auto" or share .. "fr"
  end
  return total > PROSE and "columns: (" .. table.concat(widths, ", ") .. ",)" or "columns: " .. #lengths
end

-- A long word, such as the name of a file, may break after its joints.
local breakable = {
  Str = function(word)
    if utf8.len(word.text) > LONG then return pandoc.Str((word.text:gsub("([_/%-])", "%1\u{200b}"))) end
  end,
}

-- Written out here, so that no later filter gives the table another number, and at the left edge like the text.
local function typst_table(tbl, caption, lengths)
  tbl.caption = pandoc.Caption(#caption > 0 and { pandoc.Plain(caption) } or {})
  local text = pandoc.write(pandoc.Pandoc { tbl:walk(breakable) }, "typst"):gsub("align%(center%)%[", "align(left)[", 1)
  text = text:gsub("columns: %d+", typst_widths(lengths), 1)
  text = text:gsub("%[(%d+)%. ", "[%1\\. ") -- a number that opens a cell begins no list
  local rows = 0
  for _, body in ipairs(tbl.bodies) do rows = rows + #body.body end
  if #lengths > 6 then text = "#[\n#show table.cell: set text(size: 8pt)\n" .. text .. "]" end
  -- a short table stays on one page
  local short = math.max(0, table.unpack(lengths)) > WORDS and 6 or 15
  return rows <= short and raw("#block(breakable: false)[\n" .. text .. "]") or raw(text)
end

local function tables(tbl)
  local caption = captioned("tbl", tbl.attributes.number, tbl.caption.long)
  if #caption > 0 and kind_of(tbl.identifier) ~= "tbl" then
    problem("a table has a caption but no name: add {#tbl-...} to: " .. stringify(caption))
  end
  tbl.attributes.number = nil
  tbl = tbl:walk(in_line)
  name_rows_and_columns(tbl)
  local lengths = set_widths(tbl)
  if HTML then
    html_widths(tbl)
    return html_table(tbl, caption), false
  end
  if DOCX then return docx_table(tbl, caption), false end
  return typst_table(tbl, caption, lengths), false
end

local function math_in_typst(math)
  local text = pandoc.write(pandoc.Pandoc { pandoc.Plain { math } }, "typst")
  return (text:gsub("%s+$", ""))
end

local function equation(div)
  local math = div.content[1].content[1]
  local number, id = div.attributes.number, div.identifier
  local alt = div.attributes.alt ~= "" and div.attributes.alt or math.text
  if TYPST then
    local numbered = number ~= "" and "numbering: _ => [(" .. number .. ")], " or ""
    return raw("#math.equation(block: true, " .. numbered .. "alt: " .. typst_string(alt) .. ", "
      .. math_in_typst(math) .. ".body)" .. (id ~= "" and " <" .. id .. ">" or "")), false
  end
  if DOCX then
    local line = number == "" and { math }
      or { pandoc.Math("InlineMath", math.text), pandoc.Str("\u{2003}(" .. number .. ")") }
    return pandoc.Div({ styled("Equation", { pandoc.Para(line) }) }, pandoc.Attr(id)), false
  end
  -- a list, not a table with keys: Lua walks those in another order each time
  local name = label_of("eq", number) or words.eq
  local attributes = { { "role", "region" }, { "tabindex", "0" }, { "aria-label", name } }
  local content = { math }
  if number ~= "" then
    table.insert(content, pandoc.Span({ pandoc.Str("(" .. number .. ")") }, pandoc.Attr("", { "equation-number" })))
  end
  return pandoc.Div({ pandoc.Plain(content) }, pandoc.Attr(id, { "equation" }, attributes)), false
end

local function callout_of(div)
  for _, kind in ipairs(CALLOUTS) do
    if div.classes:includes("callout-" .. kind) then return kind end
  end
end

local function callout_title(div, kind)
  if div.attributes.title then return pandoc.Inlines(div.attributes.title) end
  local first = div.content[1]
  if first and first.t == "Header" then
    div.content:remove(1)
    return first.content
  end
  return pandoc.Inlines { pandoc.Str(words[kind]) }
end

-- What stands inside a block that is replaced by several is shown here: the walk does not enter it by itself.
local showing
local function inside(blocks) return pandoc.Blocks(blocks):walk(showing) end

local function callout(div, kind)
  local title = callout_title(div, kind)
  div.content = inside(div.content)
  if HTML then
    local heading = pandoc.Div({ pandoc.Plain(title) }, pandoc.Attr("", { "notice-title" }))
    div.content:insert(1, heading)
    return pandoc.Div(div.content, pandoc.Attr(div.identifier, { "notice", "notice-" .. kind }, { role = "note" }))
  end
  if DOCX then
    return pandoc.Blocks {
      styled("Notice Title", { pandoc.Para(title) }), styled("Notice", div.content),
    }
  end
  local blocks = pandoc.Blocks { raw('#notice("' .. kind .. '", ['), pandoc.Plain(title), raw("])[") }
  blocks:extend(div.content)
  blocks:insert(raw("]"))
  return blocks
end

local function typst_facts(div)
  local blocks = pandoc.Blocks { raw("#facts(") }
  div:walk {
    BulletList = function(list)
      for _, item in ipairs(list.content) do
        blocks:insert(raw("["))
        blocks:extend(inside(item))
        blocks:insert(raw("],"))
      end
    end,
  }
  blocks:insert(raw(")"))
  return blocks
end

local NAMED = { lead = "Lead", source = "Source", simulated = "Simulated", closing = "Closing" }

local function named(div)
  for class, style in pairs(NAMED) do
    if div.classes:includes(class) then
      if class == "simulated" and HTML then return pandoc.Blocks {} end -- the page's frame says it
      if DOCX and class ~= "closing" then return styled(style, inside(div.content)), false end
      if TYPST then
        local blocks = pandoc.Blocks { raw("#" .. class .. "[") }
        blocks:extend(inside(div.content))
        blocks:insert(raw("]"))
        return blocks, false
      end
    end
  end
end

-- A small picture, and beside it what is said; in DOCX one after the other.
local function beside(div)
  local blocks = inside(div.content)
  if HTML then return pandoc.Div(blocks, div.attr) end
  if DOCX then return blocks end
  local rest = pandoc.Blocks { table.unpack(blocks, 2) }
  local both = pandoc.Blocks { raw("#beside[") , blocks[1], raw("][") }
  both:extend(rest)
  both:insert(raw("]"))
  return both
end

-- What follows begins on a new page: at once in PDF and DOCX, when it is printed in HTML.
local function new_page(div)
  if TYPST then return raw("#place.flush()\n#pagebreak(weak: true)") end
  if DOCX then return pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>') end
  return div
end

local function divs(div)
  if div.classes:includes("new-page") then return new_page(div), false end
  if div.classes:includes("equation") then return equation(div) end
  if div.classes:includes("beside") then return beside(div), false end
  local kind = callout_of(div)
  if kind then return callout(div, kind), false end
  if TYPST and div.classes:includes("facts") then return typst_facts(div), false end
  return named(div)
end

local function inline_math(math)
  if not TYPST then return nil end
  return pandoc.RawInline("typst", "#math.equation(alt: " .. typst_string(math.text) .. ", "
    .. math_in_typst(math) .. ".body)")
end

-- Raw HTML may not load anything from another host: pandoc would fetch it to embed it.
local function raw_html(element)
  if not element.format:match("html") then return nil end
  local text = element.text:lower():gsub("%s+", " ")
  local loads = { "src ?= ?[\"']?", "srcset ?= ?[\"']?", "url%(%s?[\"']?", "@import [\"']", "<link[^>]+href ?= ?[\"']?" }
  for _, pattern in ipairs(loads) do
    local address = text:match(pattern .. "(h?t?t?p?s?:?//[^\"'%s>)]+)")
    if address then problem("the page would load " .. address .. " from another host") end
  end
end

local function image_in_text(image)
  image.caption = pandoc.Inlines { pandoc.Str(alt_of(image)) }
  return image, false
end

-- A score from 0 to 100 as a bar before the words that say it, which are its text alternative.
local function bar(value)
  local shapes = '<svg class="score-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
    .. '<rect class="ground" width="100" height="10"/><rect width="' .. value .. '" height="10"/></svg> '
  if HTML then return pandoc.RawInline("html", shapes) end
  return TYPST and pandoc.RawInline("typst", "#bar(" .. value .. ") ") or pandoc.Inlines {}
end

local function span(mark)
  if mark.classes:includes("score-bar") then return bar(mark.attributes.value) end
  if not mark.classes:includes("contested") then return nil end
  if DOCX then return pandoc.Span(mark.content, { ["custom-style"] = "Contested" }) end
  if TYPST then
    return pandoc.Inlines {
      pandoc.RawInline("typst", "#contested["), pandoc.Span(mark.content), pandoc.RawInline("typst", "]"),
    }
  end
end

in_line = { traverse = "topdown", RawInline = raw_html, Span = span, Image = image_in_text, Math = inline_math }
showing = { traverse = "topdown", RawInline = raw_html, RawBlock = raw_html, Span = span, Image = image_in_text, Math = inline_math,
  Div = divs, Header = header, Figure = figure, Table = tables }

local function holds_header(block)
  local found = block.t == "Header"
  if block.t == "Div" then block:walk { Header = function() found = true end } end
  return found
end

-- Contents of a DOCX: links that work in every reader, instead of a field that must be refreshed by hand.
local function add_contents(doc)
  if not DOCX or #contents < 2 then return end
  local blocks = pandoc.Blocks { styled("Contents Heading", { pandoc.Para { pandoc.Str(words.contents) } }) }
  for _, entry in ipairs(contents) do
    local link = pandoc.Link(entry.text, "#" .. entry.id)
    blocks:insert(styled("Contents Entry", { pandoc.Para { link } }))
  end
  local after = 0
  for i, block in ipairs(doc.blocks) do
    if holds_header(block) then break end
    after = i
  end
  for i, block in ipairs(blocks) do doc.blocks:insert(after + i, block) end
end

-- A DOCX has no template of ours: what stands below the title is put before the text.
local function add_title_lines(doc)
  if not DOCX then return end
  local lines = { { "kicker", "Kicker" }, { "date-line", "Date Line" } }
  for i, line in ipairs(lines) do
    local text = doc.meta[line[1]]
    if text then doc.blocks:insert(math.min(i, #doc.blocks + 1), styled(line[2], { pandoc.Para(text) })) end
  end
  doc.meta.date = nil -- the date line says it, in words
end

local function read_words(meta)
  for key, value in pairs(meta.words or {}) do words[key] = stringify(value) end
end

function Pandoc(doc)
  read_words(doc.meta)
  top_level = find_top_level(doc)
  doc = doc:walk(numbering)
  doc = doc:walk { Cite = resolve }
  doc = doc:walk(showing)
  add_title_lines(doc)
  add_contents(doc)
  if #problems > 0 then error("REPORT: " .. table.concat(problems, "; ") .. " :REPORT", 0) end
  return doc
end
