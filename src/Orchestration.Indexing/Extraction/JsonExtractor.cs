using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Orchestration.Indexing.Extraction;

/// <summary>JSON, or one JSON value a line: objects with a question and an answer as sections, flat objects as tables, all else as headings and lines.</summary>
internal sealed class JsonExtractor : ITextExtractor
{
    private const int MaxDepth = 64;
    private const int DeepestThatIsCounted = 100_000;
    private const int MostColumns = 16;

    private static readonly FrozenSet<string> Titles = new[] { "title", "name", "heading", "标题", "名称", "標題" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public void Extract(SourceFile file, ExtractionOptions limits, TextSink sink)
    {
        var json = Encoding.UTF8.GetBytes(TextDecoder.Decode(file));
        try
        {
            DemandShallow(json);
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth, AllowMultipleValues = true, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var values = new List<JsonElement>();
            while (reader.Read())
                values.Add(JsonElement.ParseValue(ref reader));
            WriteList(values, 1, sink);
        }
        catch (JsonException)
        {
            throw UnreadableFile.Malformed("JSON");
        }
    }

    private static void DemandShallow(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestThatIsCounted, AllowMultipleValues = true, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        while (reader.Read())
        {
            if (reader.CurrentDepth >= MaxDepth)
                throw UnreadableFile.TooDeep();
        }
    }

    private static void Write(JsonElement value, int level, TextSink sink)
    {
        if (value.ValueKind == JsonValueKind.Object)
            WriteObject(value, level, sink);
        else if (value.ValueKind == JsonValueKind.Array)
            WriteList([.. value.EnumerateArray()], level, sink);
        else if (value.ValueKind != JsonValueKind.Null)
            sink.Paragraph(Show(value));
    }

    private static void WriteObject(JsonElement value, int level, TextSink sink)
    {
        var members = value.EnumerateObject().ToList();
        var names = members.ConvertAll(member => member.Name);
        if (QuestionColumns.Find(names) is { } pair && members.TrueForAll(member => IsScalar(member.Value)))
        {
            pair.Write(names, members.ConvertAll(member => Show(member.Value)), sink, level + 1);
            return;
        }

        var title = members.FindIndex(member => Titles.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.String);
        if (title >= 0)
            sink.Heading(level, members[title].Value.GetString()!);
        foreach (var member in members.Where((member, place) => place != title && IsScalar(member.Value) && Show(member.Value).Length > 0))
            sink.Line($"{member.Name}: {Show(member.Value)}");
        sink.EndBlock();
        foreach (var member in members.Where(member => !IsScalar(member.Value)))
        {
            sink.Heading(level + 1, member.Name);
            Write(member.Value, level + 1, sink);
        }
    }

    private static void WriteList(List<JsonElement> values, int level, TextSink sink)
    {
        if (values.TrueForAll(IsScalar))
        {
            foreach (var value in values)
                sink.Item(Show(value));
            sink.EndBlock();
        }
        else if (Columns(values) is { } columns)
            WriteTable(values, columns, level, sink);
        else
            values.ForEach(value => Write(value, level, sink));
    }

    private static void WriteTable(List<JsonElement> rows, List<string> columns, int level, TextSink sink)
    {
        var table = new TableSink(sink, level + 1);
        table.Row(columns);
        foreach (var row in rows)
            table.Row([.. columns.Select(column => row.TryGetProperty(column, out var cell) ? Show(cell) : "")]);
        table.End();
    }

    /// <summary>The members of objects that are rows of one table; null when they are not.</summary>
    private static List<string>? Columns(List<JsonElement> values)
    {
        if (values.Count < 2 || !values.TrueForAll(value => value.ValueKind == JsonValueKind.Object))
            return null;
        var columns = values[0].EnumerateObject().Select(member => member.Name).Distinct().ToList();
        return columns.Count is > 1 and <= MostColumns
            && values.TrueForAll(value => value.EnumerateObject().All(member => columns.Contains(member.Name) && IsScalar(member.Value)))
            ? columns
            : null;
    }

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString(),
    };

    private static bool IsScalar(JsonElement value) => value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);
}
