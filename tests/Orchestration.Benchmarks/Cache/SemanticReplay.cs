using System.Numerics;
using System.Runtime.InteropServices;
using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Benchmarks.Cache;

/// <summary>
/// Questions one after another through the decisions of the gateway's cache, with a list in the place of its table: the first half in shadow mode,
/// then served where the evidence allows. All figures are of the second half.
/// </summary>
internal sealed class SemanticReplay(ReplayEmbedder embedder, double budget, int seed)
{
    private const double Recheck = 0.05;
    private const int MaxEntries = 5_000;

    private readonly Random _random = new(seed);
    private readonly List<Entry> _entries = [];
    private readonly List<ShadowSample> _samples = [];
    private Evidence _evidence = Evidence.None;
    private int _fresh;

    public ReplayFigures Run(ReplaySet set)
    {
        var traffic = set.Questions.DistinctBy(question => (question.Text, question.Earlier)).ToArray();
        _random.Shuffle(traffic);
        var figures = new ReplayFigures();
        for (var i = 0; i < traffic.Length; i++)
        {
            if (QuestionText.Read(traffic[i].Text) is not { } asked)
                continue;
            var isServing = i >= traffic.Length / 2;
            Ask(traffic[i], asked, isServing, isServing ? figures : null);
        }

        figures.Evidence = _evidence;
        return figures;
    }

    private void Ask(ReplayQuestion question, QuestionText asked, bool isServing, ReplayFigures? figures)
    {
        var vector = embedder.Embed(asked, _evidence.Statistics);
        var (near, answer) = question.Earlier is { } earlier ? Only(earlier, vector, question.SameAsEarlier) : (Nearest(vector), new AnswerGist(question.Answer));
        var candidate = SemanticDecision.Pick(asked, near, _evidence);
        var agrees = candidate is not null && candidate.Entry.Answer.AgreesWith(answer);
        var isShadow = !isServing || _evidence.Threshold is null || _random.NextDouble() < Recheck;
        var isHit = !isShadow && candidate is not null && _evidence.IsServed(candidate.Score);
        figures?.Add(candidate, agrees, isHit);
        if (isHit)
            return;
        if (isShadow && candidate is not null)
            Learn(new ShadowSample(asked, candidate.Entry.Question, candidate.Entry.Cosine, candidate.Around, agrees));
        if (question.Earlier is null)
            Keep(new Entry(asked, answer, vector));
    }

    private void Learn(ShadowSample sample)
    {
        _samples.Add(sample);
        if (_samples.Count > Evidence.Most)
            _samples.RemoveAt(0);
        if (!_evidence.IsStale(++_fresh))
            return;
        (_evidence, _fresh) = (Evidence.Of(_samples, budget), 0);
    }

    private void Keep(Entry entry)
    {
        _entries.Add(entry);
        if (_entries.Count > MaxEntries)
            _entries.RemoveAt(0);
    }

    private (List<Neighbour> Near, AnswerGist Answer) Only(string earlier, float[] vector, bool same)
    {
        if (QuestionText.Read(earlier) is not { } question)
            return ([], new AnswerGist(""));
        var cosine = Dot(vector, embedder.Embed(question, _evidence.Statistics));
        return ([new Neighbour(Guid.Empty, question, new AnswerGist("earlier"), cosine)], new AnswerGist(same ? "earlier" : "later"));
    }

    private List<Neighbour> Nearest(float[] vector)
    {
        var queue = new PriorityQueue<Entry, float>();
        foreach (var entry in CollectionsMarshal.AsSpan(_entries))
        {
            var cosine = Dot(vector, entry.Vector);
            if (queue.Count < SemanticDecision.MostNeighbours)
                queue.Enqueue(entry, cosine);
            else
                queue.EnqueueDequeue(entry, cosine);
        }

        var near = new List<Neighbour>();
        while (queue.TryDequeue(out var entry, out var cosine))
            near.Insert(0, new Neighbour(Guid.Empty, entry.Question, entry.Answer, cosine));
        return near;
    }

    private static float Dot(float[] left, float[] right)
    {
        var mine = MemoryMarshal.Cast<float, Vector<float>>(left);
        var theirs = MemoryMarshal.Cast<float, Vector<float>>(right);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < mine.Length; i++)
            sum += mine[i] * theirs[i];
        return Vector.Sum(sum);
    }

    private sealed record Entry(QuestionText Question, AnswerGist Answer, float[] Vector);
}
