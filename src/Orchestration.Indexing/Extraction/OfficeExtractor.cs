using System.IO.Compression;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;

namespace Orchestration.Indexing.Extraction;

/// <summary>Word documents and Excel workbooks: both are archives, looked through before anything is read.</summary>
internal sealed class OfficeExtractor : ITextExtractor
{
    private const int MaxDepth = 256;
    private const int FreeExpansion = 16 * 1024 * 1024;

    public void Extract(SourceFile file, ExtractionOptions limits, TextSink sink)
    {
        var parts = Inspect(file.Bytes, limits);
        using var stream = new MemoryStream(file.Bytes, writable: false);
        var settings = new OpenSettings { MaxCharactersInPart = limits.MaxExpandedBytes };
        if (parts.Contains("word/document.xml"))
        {
            using var document = WordprocessingDocument.Open(stream, isEditable: false, settings);
            WordReader.Read(document, sink);
        }
        else if (parts.Contains("xl/workbook.xml"))
        {
            using var workbook = SpreadsheetDocument.Open(stream, isEditable: false, settings);
            WorkbookReader.Read(workbook, sink);
        }
        else
        {
            throw UnreadableFile.Unsupported("The file is a packed archive.");
        }
    }

    // What an archive says of its sizes may be a lie: everything is unpacked once, and counted.
    private static HashSet<string> Inspect(byte[] bytes, ExtractionOptions limits)
    {
        using var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
        if (archive.Entries.Count > limits.MaxArchiveEntries)
            throw UnreadableFile.TooManyEntries(limits.MaxArchiveEntries);

        var most = Math.Min(limits.MaxExpandedBytes, Math.Max(FreeExpansion, (long)bytes.Length * limits.MaxExpansion));
        var buffer = new byte[64 * 1024];
        long total = 0;
        foreach (var entry in archive.Entries)
        {
            using var content = entry.Open();
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                total += read;
                if (total > most)
                    throw UnreadableFile.ExpandsTooMuch();
            }
        }

        foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)))
            DemandShallow(entry);
        return archive.Entries.Select(entry => entry.FullName.ToLowerInvariant()).ToHashSet();
    }

    // The library takes time and stack by the square of the depth.
    private static void DemandShallow(ZipArchiveEntry entry)
    {
        using var xml = XmlReader.Create(entry.Open(), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CloseInput = true });
        while (xml.Read())
        {
            if (xml.Depth > MaxDepth)
                throw UnreadableFile.TooDeep();
        }
    }
}
