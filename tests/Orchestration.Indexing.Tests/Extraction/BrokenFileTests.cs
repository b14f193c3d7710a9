using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Indexing.Extraction;

namespace Orchestration.Indexing.Tests.Extraction;

/// <summary>Files that are damaged, mislabelled or made to harm: each ends with a reason, within its limits, and the reader goes on.</summary>
public sealed class BrokenFileTests
{
    private static readonly ExtractionOptions Limits = new() { MaxPages = 20, MaxTextCharacters = 200_000, Timeout = TimeSpan.FromMinutes(3) };

    private static readonly Dictionary<string, (string Name, Func<byte[]> Make, string[] Codes)> Files = new()
    {
        ["nothing"] = ("a.txt", () => [], ["empty_file"]),
        ["white space"] = ("a.txt", () => "  \n\t\n"u8.ToArray(), ["no_text"]),
        ["binary called text"] = ("a.txt", () => [.. Enumerable.Range(0, 5_000).Select(i => (byte)(i * 7))], ["binary_content"]),
        ["control characters"] = ("a.md", () => "a\u0001b"u8.ToArray(), ["binary_content"]),
        ["bytes of no known encoding"] = ("a.txt", () => Encoding.Latin1.GetBytes("Käse und Brötchen für die Gäste, aber schön"), ["unknown_encoding"]),
        ["half a UTF-16 file"] = ("a.txt", () => [0xFF, 0xFE, 0x41, 0x00, 0x00, 0xD8, 0x41, 0x00], ["wrong_encoding"]),
        ["image"] = ("a.txt", () => [0x89, .. "PNG\r\n\u001A\n"u8, 0, 0, 0, 13], ["unsupported_format"]),
        ["packed archive called CSV"] = ("a.csv", () => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], ["unsupported_format"]),
        ["rich text"] = ("a.doc", () => @"{\rtf1\ansi Hello}"u8.ToArray(), ["unsupported_format"]),
        ["old or protected Office file"] = ("a.docx", () => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], ["old_office_file"]),
        ["too large a file"] = ("a.txt", () => new byte[Limits.MaxFileBytes + 1], ["file_too_large"]),
        ["one endless line"] = ("a.txt", () => Filled('x', 3_000_000), ["too_much_text"]),
        ["nested JSON"] = ("a.json", () => Encoding.ASCII.GetBytes(new string('[', 50_000) + new string(']', 50_000)), ["too_deep"]),
        ["endlessly nested JSON"] = ("a.json", () => Filled('[', 2_000_000), ["malformed_file", "too_deep"]),
        ["half a JSON file"] = ("a.json", () => """{"a": [1, 2"""u8.ToArray(), ["malformed_file"]),
        ["JSON that is none"] = ("a.json", () => "Dear customer"u8.ToArray(), ["malformed_file"]),
        ["JSON of one huge string"] = ("a.json", () => [.. "{\"a\":\""u8, .. Filled('x', 1_000_000), .. "\"}"u8], ["too_much_text"]),
        ["quote that never ends"] = ("a.csv", () => [.. "a,b\n\""u8, .. Filled('x', 3_000_000)], ["malformed_file", "too_much_text"]),
        ["huge table"] = ("a.csv", () => Encoding.ASCII.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 400_000))), ["too_much_text"]),
        ["row of a million cells"] = ("a.csv", () => Filled(',', 900_000), ["too_much_text", "no_text"]),
        ["page of scripts"] = ("a.html", () => "<html><script>document.write('x')</script></html>"u8.ToArray(), ["no_text"]),
        ["half a PDF"] = ("a.pdf", () => SampleFiles.Pdf([(11, "A page of text.")])[..400], ["malformed_file", "no_text"]),
        ["PDF of rubbish"] = ("a.pdf", () => [.. "%PDF-1.7\n"u8, .. Filled('z', 10_000)], ["malformed_file"]),
        ["protected PDF"] = ("a.pdf", ProtectedPdf, ["encrypted_file"]),
        ["PDF without text"] = ("a.pdf", () => SampleFiles.Pdf([[]]), ["no_text"]),
        ["PDF of many pages"] = ("a.pdf", () => SampleFiles.Pdf([.. Enumerable.Repeat<(double, string)[]>([(11, "Page")], 21)]), ["too_many_pages"]),
        ["PDF whose pages hold themselves"] = ("a.pdf", CyclicPdf, ["malformed_file", "no_text", "reader_crashed", "too_many_pages", "took_too_long"]),
        ["PDF of nested arrays"] = ("a.pdf", NestedPdf, ["malformed_file", "no_text", "reader_crashed"]),
        ["ZIP bomb"] = ("a.docx", () => SampleFiles.ZipBomb(64L * 1024 * 1024), ["expands_too_much"]),
        ["archive of many entries"] = ("a.xlsx", () => SampleFiles.Zip(Enumerable.Range(0, 10_001).Select(i => (i.ToString(CultureInfo.InvariantCulture), ""))), ["too_many_entries"]),
        ["archive of archives"] = ("a.docx", () => SampleFiles.Zip(("inner.zip", "PK")), ["unsupported_format"]),
        ["half an archive"] = ("a.docx", () => SampleFiles.Docx(SampleFiles.Paragraph("Text."))[..700], ["malformed_file"]),
        ["entities that grow"] = ("a.docx", LaughingDocx, ["malformed_file"]),
        ["nested Word document"] = ("a.docx", NestedDocx, ["too_deep"]),
        ["Word document without text"] = ("a.docx", () => SampleFiles.Docx("<w:p/>"), ["no_text"]),
        ["Word document of unclosed XML"] = ("a.docx", () => SampleFiles.Docx("<w:p><w:r>"), ["malformed_file"]),
        ["workbook of a huge table"] = ("a.xlsx", () => SampleFiles.Xlsx("S", Enumerable.Repeat<string[]>(["one", "two", "three"], 20_000)), ["too_much_text"]),
        ["workbook without sheets"] = ("a.xlsx", () => SampleFiles.Zip(("xl/workbook.xml", "<workbook/>")), ["malformed_file"]),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Broken_file_ends_with_a_reason(string kind)
    {
        var (name, make, codes) = Files[kind];

        var result = (await Reading.ReadAsync(make(), name, limits: Limits)).ShouldBeOfType<ExtractionResult.Unreadable>();

        result.Code.ShouldBeOneOf(codes);
        result.Reason.ShouldEndWith(".");
        result.Reason.Length.ShouldBeInRange(15, 200);
    }

    [Fact]
    public async Task Deeply_nested_page_does_no_harm()
    {
        var page = Encoding.ASCII.GetBytes("<html>" + string.Concat(Enumerable.Repeat("<div>", 20_000)) + "text");

        var result = await Reading.ReadAsync(page, "a.html", limits: Limits);

        (result is ExtractionResult.Extracted { Text: "text" } or ExtractionResult.Unreadable { Code: "too_deep" }).ShouldBeTrue();
    }

    [Fact]
    public async Task Text_in_another_encoding_than_said_is_refused() =>
        (await Reading.ReadAsync([0xC3, 0x28, 0x41], "a.txt", "text/plain; charset=utf-8")).ShouldBeOfType<ExtractionResult.Unreadable>().Code.ShouldBe("wrong_encoding");

    [Fact]
    public async Task Charset_that_nobody_knows_is_refused() =>
        (await Reading.ReadAsync("text"u8.ToArray(), "a.txt", "text/plain; charset=no-such")).ShouldBeOfType<ExtractionResult.Unreadable>().Code.ShouldBe("unknown_encoding");

    [Fact]
    public async Task File_that_takes_too_long_is_given_up()
    {
        var clock = new FakeTimeProvider();
        var reader = new ReaderProcess(Options.Create(Limits), clock);

        var reading = reader.ReadAsync(new SourceFile("<html>text"u8.ToArray(), "a.html", ""), SourceFormat.Html, TestContext.Current.CancellationToken);
        clock.Advance(Limits.Timeout);

        (await reading).ShouldBeOfType<ExtractionResult.Unreadable>().Code.ShouldBe("took_too_long");
    }

    [Fact]
    public async Task File_that_needs_too_much_memory_ends_its_own_reader_only()
    {
        var page = Encoding.ASCII.GetBytes("<html>" + string.Concat(Enumerable.Repeat("<p class=a>x</p>", 500_000)));

        (await Reading.ReadAsync(page, "a.html", limits: new ExtractionOptions { MaxMemoryMegabytes = 64 }))
            .ShouldBeOfType<ExtractionResult.Unreadable>().Code.ShouldBeOneOf("too_much_memory", "reader_crashed");
    }

    private static byte[] Filled(char character, int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill((byte)character);
        return bytes;
    }

    private static byte[] ProtectedPdf()
    {
        var hash = string.Concat(Enumerable.Repeat("5A", 32));
        return SampleFiles.RawPdf(
            $"/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <{hash}> /U <{hash}> /P -4 >>",
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>");
    }

    private static byte[] CyclicPdf() => SampleFiles.RawPdf(
        "", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 5 >>", "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 5 >>");

    private static byte[] NestedPdf() => SampleFiles.RawPdf(
        "", "<< /Type /Catalog /Pages 2 0 R >>", $"<< /Type /Pages /Kids {new string('[', 200_000)}{new string(']', 200_000)} /Count 1 >>");

    private static byte[] LaughingDocx()
    {
        var entities = string.Concat(Enumerable.Range(1, 9).Select(i => $"<!ENTITY l{i} \"{string.Concat(Enumerable.Repeat($"&l{i - 1};", 10))}\">"));
        return SampleFiles.Docx(SampleFiles.Paragraph("&l9;"), $"<!DOCTYPE w [<!ENTITY l0 \"ha\">{entities}]>");
    }

    private static byte[] NestedDocx() => SampleFiles.Docx(
        string.Concat(Enumerable.Repeat("<w:sdt><w:sdtContent>", 30_000)) + SampleFiles.Paragraph("x") + string.Concat(Enumerable.Repeat("</w:sdtContent></w:sdt>", 30_000)));
}
