using System.Text.Json;
using CsvHelper;

namespace Orchestration.Benchmarks.Chunking;

/// <summary>A question and the places of its corpus that answer it: characters [Start, End).</summary>
internal sealed record MarkedQuestion(string Text, string Corpus, IReadOnlyList<(int Start, int End)> Answers);

/// <summary>Corpora and questions with marked answers.</summary>
internal sealed record MarkedSet(IReadOnlyDictionary<string, string> Corpora, IReadOnlyList<MarkedQuestion> Questions)
{
    public static MarkedSet Read(string folder)
    {
        var corpora = Directory.GetFiles(Path.Combine(folder, "corpora"), "*.md").ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => File.ReadAllText(file));
        var questions = new List<MarkedQuestion>();
        using var csv = CsvReader.FromFile(Path.Combine(folder, "questions.csv"));
        while (csv.Read())
        {
            if (corpora.ContainsKey(csv.GetString("corpus_id")))
                questions.Add(new MarkedQuestion(csv.GetString("question"), csv.GetString("corpus_id"), Answers(csv.GetString("references"))));
        }

        return new MarkedSet(corpora, questions);
    }

    private static List<(int Start, int End)> Answers(string json)
    {
        using var answers = JsonDocument.Parse(json);
        return [.. answers.RootElement.EnumerateArray().Select(answer => (answer.GetProperty("start_index").GetInt32(), answer.GetProperty("end_index").GetInt32()))];
    }
}
