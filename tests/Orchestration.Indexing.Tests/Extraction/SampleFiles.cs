using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace Orchestration.Indexing.Tests.Extraction;

/// <summary>Files as their programs write them, and as nobody should.</summary>
internal static class SampleFiles
{
    private const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    /// <summary>One page for each list of lines; a line is a size of letters and a text.</summary>
    public static byte[] Pdf(params (double Size, string Text)[][] pages)
    {
        using var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        foreach (var lines in pages)
        {
            var page = builder.AddPage(PageSize.A4);
            var y = 780.0;
            foreach (var (size, text) in lines)
            {
                page.AddText(text, size, new PdfPoint(60, y), font);
                y -= size * 3;
            }
        }

        return builder.Build();
    }

    /// <summary>A PDF of the given objects, numbered from 1; the first is the catalogue.</summary>
    public static byte[] RawPdf(string trailer, params string[] objects)
    {
        var text = new StringBuilder("%PDF-1.7\n");
        var offsets = new List<int>();
        for (var i = 0; i < objects.Length; i++)
        {
            offsets.Add(text.Length);
            text.Append(i + 1).Append(" 0 obj\n").Append(objects[i]).Append("\nendobj\n");
        }

        var start = text.Length;
        text.Append("xref\n0 ").Append(objects.Length + 1).Append("\n0000000000 65535 f \n");
        offsets.ForEach(offset => text.Append(offset.ToString("D10", null)).Append(" 00000 n \n"));
        text.Append("trailer\n<< /Size ").Append(objects.Length + 1).Append(" /Root 1 0 R ").Append(trailer).Append(" >>\nstartxref\n").Append(start).Append("\n%%EOF");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>A Word document of the given body and with the styles that Word gives headings.</summary>
    public static byte[] Docx(string body, string prologue = "") => Zip(
        ("[Content_Types].xml",
            """
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>
            """),
        ("_rels/.rels",
            """
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>
            """),
        ("word/_rels/document.xml.rels",
            """
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>
            """),
        ("word/styles.xml",
            $"""
            <w:styles xmlns:w="{Word}"><w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/></w:style></w:styles>
            """),
        ("word/document.xml", $"""<?xml version="1.0" encoding="UTF-8"?>{prologue}<w:document xmlns:w="{Word}"><w:body>{body}</w:body></w:document>"""));

    public static string Paragraph(string text, string style = "", string run = "") =>
        $"""<w:p>{(style.Length > 0 ? $"""<w:pPr><w:pStyle w:val="{style}"/></w:pPr>""" : "")}<w:r>{run}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>""";

    /// <summary>A workbook with one sheet.</summary>
    public static byte[] Xlsx(string sheet, IEnumerable<string[]> rows)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            var part = workbook.AddNewPart<WorksheetPart>();
            using (var writer = OpenXmlWriter.Create(part))
            {
                writer.WriteStartElement(new Worksheet());
                writer.WriteStartElement(new SheetData());
                foreach (var row in rows)
                    writer.WriteElement(new Row(row.Select(cell => new Cell { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(cell)) })));
                writer.WriteEndElement();
                writer.WriteEndElement();
            }

            workbook.Workbook = new Workbook(new Sheets(new Sheet { Id = workbook.GetIdOfPart(part), SheetId = 1, Name = sheet }));
            workbook.Workbook.Save();
        }

        return stream.ToArray();
    }

    public static byte[] Zip(params IEnumerable<(string Name, string Content)> entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return stream.ToArray();
    }

    /// <summary>What begins as a Word document does, and unpacks to the given number of bytes.</summary>
    public static byte[] ZipBomb(long bytes)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("word/document.xml", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1024 * 1024];
            for (; bytes > 0; bytes -= zeros.Length)
                entry.Write(zeros);
        }

        return stream.ToArray();
    }
}
