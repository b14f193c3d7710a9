using System.Collections.Frozen;

namespace Orchestration.Indexing.Extraction;

/// <summary>Which columns of a table are a question and its answer.</summary>
internal sealed record QuestionColumns(int Question, int Answer)
{
    private static readonly FrozenSet<string> Questions = Names("question", "questions", "q", "faq", "query", "问题", "问", "提问", "标准问题", "標準問題", "問題");
    private static readonly FrozenSet<string> Answers = Names("answer", "answers", "a", "reply", "response", "答案", "答", "回答", "回复", "答复", "標準答案", "标准答案", "回覆");

    public static QuestionColumns? Find(IReadOnlyList<string> columns)
    {
        var (question, answer) = (IndexOf(columns, Questions), IndexOf(columns, Answers));
        return question >= 0 && answer >= 0 ? new(question, answer) : null;
    }

    /// <summary>The question as a heading, its answer below it, then what else the row says.</summary>
    public void Write(IReadOnlyList<string> columns, IReadOnlyList<string> cells, TextSink sink, int headingLevel)
    {
        string Cell(int place) => place < cells.Count ? cells[place].Trim() : "";
        sink.Heading(headingLevel, Cell(Question));
        sink.Paragraph(Cell(Answer));
        for (var place = 0; place < columns.Count; place++)
        {
            if (place != Question && place != Answer && Cell(place).Length > 0)
                sink.Line($"{columns[place]}: {TextSink.OneLine(Cell(place))}");
        }
    }

    private static int IndexOf(IReadOnlyList<string> columns, FrozenSet<string> names)
    {
        for (var place = 0; place < columns.Count; place++)
        {
            if (names.Contains(columns[place].Trim()))
                return place;
        }

        return -1;
    }

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
