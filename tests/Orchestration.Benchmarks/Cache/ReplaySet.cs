using System.Text;

namespace Orchestration.Benchmarks.Cache;

/// <summary>A question and what it is answered; questions with one answer are hits for each other.</summary>
/// <param name="Text">The question.</param>
/// <param name="Answer">Its answer.</param>
/// <param name="Earlier">The only question that was asked before, where the set says no more; null for the whole traffic before.</param>
/// <param name="SameAsEarlier">Whether that one has the same answer.</param>
internal sealed record ReplayQuestion(string Text, string Answer, string? Earlier, bool SameAsEarlier);

/// <summary>
/// A set as traffic. Sets of intents: two questions have one answer when they have one intent. Sets of pairs: the first text was asked before, the
/// second comes, and the label says whether one answer does; of other pairs nothing is known, so they are not looked at.
/// </summary>
/// <param name="Name">Of the set.</param>
/// <param name="Language">English or Chinese.</param>
/// <param name="LeastHitRate">Bar on the share of hits; null when there is none.</param>
/// <param name="Questions">In the order of the files.</param>
internal sealed record ReplaySet(string Name, string Language, double? LeastHitRate, IReadOnlyList<ReplayQuestion> Questions)
{
    public static IEnumerable<ReplaySet> Load(string folder)
    {
        yield return new ReplaySet("bitext", "English", 0.15, [.. Intents(folder, "support/bitext-train.csv"), .. Intents(folder, "support/bitext-dev.csv")]);
        yield return new ReplaySet("banking77", "English", 0.05, Intents(folder, "support/banking77-train.csv"));
        yield return new ReplaySet("bq-dev", "Chinese", 0.05, Pairs(folder, "semantic-cache/bq-dev.tsv"));
        yield return new ReplaySet("qqp-dev", "English", null, Pairs(folder, "semantic-cache/qqp-dev.tsv"));
        yield return new ReplaySet("afqmc-dev", "Chinese", null, Pairs(folder, "semantic-cache/afqmc-dev.tsv"));
        yield return new ReplaySet("lcqmc-dev", "Chinese", null, Pairs(folder, "semantic-cache/lcqmc-dev.tsv"));
    }

    private static List<ReplayQuestion> Intents(string folder, string file)
    {
        var questions = new List<ReplayQuestion>();
        foreach (var line in File.ReadLines(Path.Combine(folder, file)).Skip(1))
        {
            if (Fields(line) is [var text, var intent, ..])
                questions.Add(new ReplayQuestion(text, intent, null, false));
        }

        return questions;
    }

    private static List<ReplayQuestion> Pairs(string folder, string file)
    {
        var questions = new List<ReplayQuestion>();
        foreach (var line in File.ReadLines(Path.Combine(folder, file)).Skip(1))
        {
            // Equal texts are the exact cache's.
            if (line.Split('\t') is [var earlier, var text, var same] && earlier != text)
                questions.Add(new ReplayQuestion(text, "", earlier, same == "1"));
        }

        return questions;
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        foreach (var character in line)
        {
            if (character == '"')
                quoted = !quoted;
            else if (character == ',' && !quoted)
                Finish();
            else
                field.Append(character);
        }

        Finish();
        return fields;

        void Finish()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
