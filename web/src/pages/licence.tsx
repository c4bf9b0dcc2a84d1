// One licence: its terms, its payments split to the last cent, and how it ends.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Link } from "wouter";
import type { Licence, Payment } from "../api.gen.ts";
import { api } from "../api.ts";
import { decimalToMinor, minorDigits, minorToDecimal, useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import {
  Badge, Button, Card, Facts, Loading, Note, PageHead, ProblemNote,
} from "../ui/basics.tsx";
import { Sheet } from "../ui/dialog.tsx";
import { TextField } from "../ui/fields.tsx";
import { toast } from "../ui/toast.tsx";
import { licenceTones, useMediaText, useWindowText } from "./rights.tsx";

export function LicencePage({ id }: { id: string }) {
  const { t, pick } = useWords();
  const f = useFormat();
  const mayGrant = useMay("grant");
  const mayReadStory = useMay("read-story");
  const windowText = useWindowText();
  const mediaText = useMediaText();
  const [ending, setEnding] = useState(false);
  const query = useQuery({ queryKey: ["licence", id], queryFn: () => api.licence(id) });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const licence = query.data;
  const live = licence.state !== "terminated";
  return (
    <>
      <PageHead title={licence.licensee} sub={mayReadStory ? (
        <Link href={`/rights/works/${licence.work_id}`}>
          {pick(licence.title_zh, licence.title_en)}
        </Link>
      ) : pick(licence.title_zh, licence.title_en)}
      back={{ href: "/rights", label: t("licences") }} actions={
        <>
          <span data-testid="licence-state" data-state={licence.state}>
            <Badge tone={licenceTones[licence.state] ?? "idle"}>
              {t(`licence-${licence.state}`)}
            </Badge>
          </span>
          {mayGrant && live && (
            <Button look="danger" icon="cross" label={t("terminate")} testid="terminate"
              onPress={() => setEnding(true)} />
          )}
        </>
      } />
      <div className="split even">
        <Card title={t("terms")}>
          <Facts rows={[
            [t("territories"), licence.territories],
            [t("media"), f.list(mediaText(licence.media))],
            [t("languages"), licence.languages.join(" · ") || t("all")],
            [t("window-label"), windowText(licence.starts_on, licence.ends_on)],
            [t("exclusivity"), t(licence.exclusive ? "exclusive" : "non-exclusive")],
            [t("price"), f.money(licence.price_minor, licence.currency)],
            [t("paid"), f.money(licence.paid_minor, licence.currency)],
            [t("created"), f.moment(licence.created)],
          ]} />
        </Card>
        {mayGrant && live && <PaymentForm key={licence.paid_minor} licence={licence} />}
      </div>
      <Card title={t("payments")}>
        {licence.payments.length === 0 && <p className="sub">{t("payments-none")}</p>}
        {licence.payments.map((payment) => (
          <PaymentCard key={payment.receipt_no} payment={payment} currency={licence.currency} />
        ))}
      </Card>
      {ending && <Terminate licence={licence} close={() => setEnding(false)} />}
    </>
  );
}

function PaymentCard({ payment, currency }: { payment: Payment; currency: string }) {
  const { t } = useWords();
  const f = useFormat();
  return (
    <div className="payment" data-testid="payment">
      <p>
        {t("payment-line", {
          amount: f.money(payment.amount_minor, currency), date: f.date(payment.paid_on),
          receipt: payment.receipt_no,
        })}
      </p>
      <div className="table-scroll">
        <table>
          <caption className="sr-only">{t("split-of", { receipt: payment.receipt_no })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("party")}</th>
              <th scope="col" className="number">{t("share")}</th>
              <th scope="col" className="number">{t("amount")}</th>
            </tr>
          </thead>
          <tbody>
            {payment.shares.map((share) => (
              <tr key={share.party}>
                <td data-label={t("party")}>{share.party}</td>
                <td data-label={t("share")} className="number">
                  {f.percent(share.basis_points / 10_000, 2)}
                </td>
                <td data-label={t("amount")} className="number">
                  {f.money(share.amount_minor, currency)}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td data-label={t("party")}>{t("sum")}</td>
              <td data-label={t("share")} className="number">
                {f.percent(sum(payment, "basis_points") / 10_000, 2)}
              </td>
              <td data-label={t("amount")} className="number">
                {f.money(sum(payment, "amount_minor"), currency)}
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  );
}

const sum = (payment: Payment, member: "basis_points" | "amount_minor"): number =>
  payment.shares.reduce((total, share) => total + share[member], 0);

function PaymentForm({ licence }: { licence: Licence }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const digits = minorDigits(licence.currency);
  const due = Math.max(0, licence.price_minor - licence.paid_minor);
  const [receipt, setReceipt] = useState("");
  const [paidOn, setPaidOn] = useState(() => new Date().toISOString().slice(0, 10));
  const [amount, setAmount] = useState(minorToDecimal(due, digits));
  const minor = decimalToMinor(amount, digits);
  const pay = useMutation({
    mutationFn: (amountMinor: number) => api.pay(licence.id, {
      receipt_no: receipt.trim(), paid_on: paidOn, amount_minor: amountMinor,
      currency: licence.currency,
    }),
    onSuccess: (next) => {
      queries.setQueryData(["licence", licence.id], next);
      toast("good", t("payment-recorded"));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (minor !== null && minor > 0) pay.mutate(minor);
  };
  return (
    <Card title={t("record-payment")}>
      <form onSubmit={submit} className="stack">
        <TextField label={t("receipt-no")} value={receipt} onChange={setReceipt} required
          maxLength={80} testid="payment-receipt" />
        <div className="two">
          <TextField label={t("paid-on")} type="date" value={paidOn} onChange={setPaidOn} required
            testid="payment-date" />
          <TextField label={t("amount-in", { currency: licence.currency })} value={amount}
            onChange={setAmount} inputMode="decimal" required testid="payment-amount"
            error={minor === null ? t("price-wrong", { digits }) : null} />
        </div>
        {pay.error && <ProblemNote error={pay.error} />}
        <Button type="submit" look="primary" label={t("record-payment")} isPending={pay.isPending}
          testid="payment-submit" />
      </form>
    </Card>
  );
}

/** Ends a licence only after its licensee's name is typed. */
function Terminate({ licence, close }: { licence: Licence; close: () => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [named, setNamed] = useState("");
  const end = useMutation({
    mutationFn: () => api.terminate(licence.id, reason.trim()),
    onSuccess: (next) => {
      queries.setQueryData(["licence", licence.id], next);
      toast("info", t("terminated-of", { licensee: licence.licensee }));
      close();
    },
  });
  const sure = named.trim() === licence.licensee && reason.trim().length > 0;
  return (
    <Sheet title={t("terminate-of", { licensee: licence.licensee })} open close={close} alert
      testid="terminate-dialog">
      <form className="stack" onSubmit={(event) => {
        event.preventDefault();
        if (sure) end.mutate();
      }}>
        <Note tone="warn">{t("terminate-what")}</Note>
        <TextField label={t("terminate-reason")} value={reason} onChange={setReason} required
          maxLength={500} testid="terminate-reason" />
        <TextField label={t("terminate-name", { licensee: licence.licensee })} value={named}
          onChange={setNamed} required testid="terminate-name" />
        {end.error && <ProblemNote error={end.error} />}
        <div className="actions end">
          <Button label={t("cancel")} onPress={close} />
          <Button look="danger" type="submit" label={t("terminate")} isDisabled={!sure}
            isPending={end.isPending} testid="terminate-submit" />
        </div>
      </form>
    </Sheet>
  );
}
